import { useEffect, useState, type ReactElement } from "react";
import { Pressable, ScrollView, StyleSheet, View } from "react-native";
import { copyText } from "../circle/sharing";
import type { CallQuality } from "../quality/callQuality";
import { Icon } from "../ui/Icon";
import { useInsets } from "../ui/insets";
import { STAGE } from "../ui/palette";
import { StageButton } from "../ui/StageButton";
import { useStore, type Store } from "../ui/store";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import type { Course } from "./course";
import { sectionsOf, textOf, type Section } from "./detailRows";
import { onDetailsKey } from "./detailsKey";

interface CallDetailsProps {
  readonly course: Store<Course | null>;
  readonly quality: Store<CallQuality>;
  readonly onClose: () => void;
}

/** How the call came about and how it goes, in numbers, for who wants to know or has to help. */
export function CallDetails({ course, quality, onClose }: CallDetailsProps): ReactElement {
  const { wide } = useTheme();
  const insets = useInsets();
  const [copied, setCopied] = useState<"no" | "yes" | "refused">("no");
  const latest = useStore(quality);
  const sections = sectionsOf(useStore(course), latest, latest.samples.at(-1)?.at ?? 0);
  const copy = (): void => {
    copyText(textOf(sections)).then(
      () => setCopied("yes"),
      () => setCopied("refused"),
    );
  };
  return (
    <View
      role="region"
      aria-label="Call details"
      testID="call-details"
      style={[styles.panel, wide ? styles.wide : styles.narrow, { top: 16 + insets.top, bottom: 124 + insets.bottom }]}
    >
      <View style={styles.head}>
        <Type kind="heading" color={STAGE.text} style={styles.title}>
          Call details
        </Type>
        <StageButton title={COPY[copied]} icon="copy" onPress={copy} testID="details-copy" />
        <Pressable
          role="button"
          aria-label="Close the call details"
          testID="details-close"
          onPress={onClose}
          style={styles.close}
        >
          <Icon name="close" size={20} color={STAGE.muted} />
        </Pressable>
      </View>
      <ScrollView contentContainerStyle={styles.sections}>
        {sections.map((section) => (
          <Rows key={section.title} section={section} />
        ))}
      </ScrollView>
    </View>
  );
}

const COPY = { no: "Copy", yes: "Copied", refused: "Copy refused" } as const;

function Rows({ section: { title, rows } }: { section: Section }): ReactElement {
  return (
    <View style={styles.section}>
      <Type kind="label" color={STAGE.text}>
        {title}
      </Type>
      {rows.map(([name, value], at) => (
        <View key={`${at} ${name}`} style={styles.row}>
          <Type kind="small" color={STAGE.muted} style={styles.name}>
            {name}
          </Type>
          <Type kind="small" color={STAGE.text} style={styles.value}>
            {value}
          </Type>
        </View>
      ))}
    </View>
  );
}

/** Whether the details are open; the key D opens and closes them where there are keys. */
export function useDetails(openAtFirst: boolean): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(openAtFirst);
  useEffect(() => onDetailsKey(() => setOpen((was) => !was)), []);
  return [open, setOpen];
}

const styles = StyleSheet.create({
  panel: {
    position: "absolute",
    left: 16,
    zIndex: 5,
    backgroundColor: STAGE.panelSolid,
    borderRadius: 16,
    borderWidth: 1,
    borderColor: STAGE.edge,
    overflow: "hidden",
  },
  wide: { width: 440 },
  narrow: { right: 16 },
  head: { flexDirection: "row", alignItems: "center", gap: 4, paddingLeft: 16, paddingRight: 6, paddingVertical: 6 },
  title: { flex: 1 },
  close: { width: 44, height: 44, alignItems: "center", justifyContent: "center" },
  sections: { paddingHorizontal: 16, paddingBottom: 16, gap: 16 },
  section: { gap: 3 },
  row: { flexDirection: "row", gap: 12 },
  name: { width: 132 },
  value: { flex: 1, minWidth: 0, fontVariant: ["tabular-nums"] },
});
