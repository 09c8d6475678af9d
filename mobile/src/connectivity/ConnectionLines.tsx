import { useEffect, useState, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { authorized } from "../auth/session";
import { connection } from "../call/calls";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/iconPaths";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import { ConnectionTest } from "./ConnectionTest";
import { conclusionOf, verdictsOf, type Tried, type Verdict } from "./verdicts";

/** Tries the connection as it appears, and stops as it goes. */
export function ConnectionLines({ onDone }: { onDone: () => void }): ReactElement {
  const { colors } = useTheme();
  const [tried, setTried] = useState<readonly Tried[]>([]);
  useEffect(() => {
    const test = new ConnectionTest({
      iceServers: () => authorized("/api/ice-servers"),
      isOnline: () => connection.get() === "online",
      found: setTried,
    });
    void test.run().finally(onDone);
    return () => test.stop();
  }, [onDone]);
  const conclusion = conclusionOf(tried);
  return (
    <View style={[styles.card, { borderColor: colors.line, backgroundColor: colors.surface }]}>
      <View role="list" aria-label="Ways a call could go" style={styles.lines}>
        {verdictsOf(tried).map((verdict) => (
          <Line key={verdict.id} verdict={verdict} />
        ))}
      </View>
      <View role="status">
        <Type kind="strong" testID="connection-conclusion">
          {conclusion ?? "Trying each way …"}
        </Type>
      </View>
    </View>
  );
}

const ICONS: Readonly<Record<Verdict["is"], IconName>> = {
  good: "check",
  bad: "close",
  trying: "history",
  absent: "close",
};

function Line({ verdict: { id, title, is, words, remedy } }: { verdict: Verdict }): ReactElement {
  const { colors } = useTheme();
  const ink = is === "good" ? colors.online : is === "bad" ? colors.dangerText : colors.muted;
  return (
    <View role="listitem" testID={`way-${id}`} style={styles.line}>
      <Icon name={ICONS[is]} size={20} color={ink} />
      <View style={styles.text}>
        <Type kind="strong">{title}</Type>
        <Type kind="small" muted={is !== "bad"} color={is === "bad" ? ink : undefined} testID={`way-${id}-${is}`}>
          {words}
        </Type>
        {remedy !== null && (
          <Type kind="small" muted>
            For who runs the server: {remedy}
          </Type>
        )}
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  card: { borderRadius: 16, borderWidth: 1, padding: 16, gap: 16 },
  lines: { gap: 14 },
  line: { flexDirection: "row", gap: 12 },
  text: { flex: 1, minWidth: 0, gap: 2 },
});
