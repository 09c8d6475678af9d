import { useEffect, useState, type ReactElement } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { wordsFor } from "../api/http";
import { refreshUser, setRelayPolicy, type User } from "../auth/session";
import { useTheme } from "../ui/theme";
import { showToast } from "../ui/toast";
import { Type } from "../ui/Type";
import type { RelayPolicy } from "./relayPolicy";

const CHOICES: readonly { readonly relay: RelayPolicy; readonly title: string; readonly detail: string }[] = [
  {
    relay: "direct",
    title: "Direct",
    detail: "The shortest way, ready before you answer. Who calls you can learn your network address while it rings.",
  },
  {
    relay: "until-answered",
    title: "Direct after answering",
    detail: "Only people you talk to can learn your network address. The first moments go through the relay.",
  },
  {
    relay: "always",
    title: "Always through the relay",
    detail: "Nobody you call learns your network address. Calls may take a longer way.",
  },
];

/** Who may learn the network addresses of this person's devices: a wish the server keeps, for all of them. */
export function AddressPrivacy({ me }: { me: User }): ReactElement {
  const { colors } = useTheme();
  const [chosen, setChosen] = useState<RelayPolicy | null>(null);
  useEffect(() => {
    // Another device may have chosen otherwise.
    void refreshUser().catch(() => undefined);
  }, []);
  const choose = (relay: RelayPolicy): void => {
    setChosen(relay);
    setRelayPolicy(relay)
      .catch((error: unknown) => showToast(wordsFor(error), "danger"))
      .finally(() => setChosen(null));
  };
  const shown = chosen ?? me.relay;
  return (
    <View style={styles.group}>
      <Type kind="heading">Privacy of your address</Type>
      <View
        role="radiogroup"
        aria-label="Privacy of your address"
        style={[styles.card, { borderColor: colors.line, backgroundColor: colors.surface }]}
      >
        {CHOICES.map(({ relay, title, detail }) => (
          <Pressable
            key={relay}
            role="radio"
            aria-checked={shown === relay}
            aria-label={title}
            aria-describedby={`relay-${relay}-detail`}
            testID={`relay-${relay}`}
            onPress={() => choose(relay)}
            style={[styles.choice, shown === relay && { backgroundColor: colors.soft }]}
          >
            <View style={[styles.ring, { borderColor: shown === relay ? colors.primary : colors.edge }]}>
              {shown === relay && <View style={[styles.dot, { backgroundColor: colors.primary }]} />}
            </View>
            <View style={styles.text}>
              <Type kind="strong" color={shown === relay ? colors.onSoft : colors.text}>
                {title}
              </Type>
              <View nativeID={`relay-${relay}-detail`}>
                <Type kind="small" muted={shown !== relay} color={shown === relay ? colors.onSoft : undefined}>
                  {detail}
                </Type>
              </View>
            </View>
          </Pressable>
        ))}
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  group: { gap: 10, marginTop: 8 },
  card: { borderRadius: 16, borderWidth: 1, padding: 4, gap: 4 },
  choice: { flexDirection: "row", gap: 14, padding: 14, borderRadius: 12 },
  ring: { width: 22, height: 22, borderRadius: 11, borderWidth: 2, alignItems: "center", justifyContent: "center" },
  dot: { width: 10, height: 10, borderRadius: 5 },
  text: { flex: 1, minWidth: 0, gap: 2 },
});
