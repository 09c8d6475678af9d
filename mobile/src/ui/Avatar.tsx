import type { ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import type { PresenceStatus } from "../signaling/messages";
import { AVATARS } from "./palette";
import { useTheme } from "./theme";
import { Type } from "./Type";

interface AvatarProps {
  readonly name: string;
  /** What the colour comes from: names change, ids do not. */
  readonly seed: string;
  readonly size?: number;
  readonly square?: boolean;
  readonly presence?: PresenceStatus;
}

/** Initials on a colour of their own. The name beside it says the same to a screen reader. */
export function Avatar({ name, seed, size = 44, square = false, presence }: AvatarProps): ReactElement {
  const { colors } = useTheme();
  const dot = Math.max(12, size * 0.27);
  return (
    <View aria-hidden style={{ width: size, height: size }}>
      <View
        style={[
          styles.disc,
          {
            width: size,
            height: size,
            borderRadius: square ? size * 0.3 : size / 2,
            backgroundColor: colourOf(seed),
          },
        ]}
      >
        <Type kind="strong" color="#FFFFFF" style={{ fontSize: size * 0.38, lineHeight: size * 0.5 }}>
          {initialsOf(name)}
        </Type>
      </View>
      {presence !== undefined && (
        <View
          style={[
            styles.dot,
            {
              width: dot,
              height: dot,
              borderRadius: dot / 2,
              borderColor: colors.surface,
              backgroundColor:
                presence === "online" ? colors.online : presence === "in-call" ? colors.inCall : colors.offline,
            },
          ]}
        />
      )}
    </View>
  );
}

export function colourOf(seed: string): string {
  let hash = 0;
  for (const character of seed) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return AVATARS[hash % AVATARS.length] ?? "#3457D5";
}

/** One or two letters (or an emoji, whole) that stand for a name. */
function initialsOf(name: string): string {
  const all = name
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  // A flower after the name is no initial, unless the name is nothing but flowers.
  const spoken = all.filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const words = spoken.length > 0 ? spoken : all.slice(0, 1);
  const first = words[0];
  if (first === undefined) return "?";
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return (initial(first) + (last === undefined ? "" : initial(last))).toUpperCase();
}

function initial(word: string): string {
  if (typeof Intl !== "undefined" && "Segmenter" in Intl) {
    for (const { segment } of new Intl.Segmenter().segment(word)) return segment;
  }
  return [...word][0] ?? "";
}

const styles = StyleSheet.create({
  disc: { alignItems: "center", justifyContent: "center", overflow: "hidden" },
  dot: { position: "absolute", right: -2, bottom: -2, borderWidth: 2.5 },
});
