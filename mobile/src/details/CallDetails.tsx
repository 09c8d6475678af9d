import { lazy, Suspense, useState, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { copyText } from "../circle/sharing";
import type { CallQuality } from "../quality/callQuality";
import { STAGE } from "../ui/palette";
import { StageButton } from "../ui/StageButton";
import { StagePanel } from "../ui/StagePanel";
import { useStore, type Store } from "../ui/store";
import { Type } from "../ui/Type";
import type { Course } from "./course";
import { sectionsOf, textOf, type Section } from "./detailRows";

/** Loaded by who looks at details. Where the server has another version by now there are none. */
const SafetyWords = lazy(() =>
  import("../safety/SafetyWords").then(
    ({ SafetyWords: Words }) => ({ default: Words }),
    () => ({ default: () => null }),
  ),
);

interface CallDetailsProps {
  readonly course: Store<Course | null>;
  readonly quality: Store<CallQuality>;
  /** What safety words are made from, asked as often as the quality changes. */
  readonly safety: () => string | null;
  readonly onClose: () => void;
}

/** How the call came about and how it goes, in numbers, for who wants to know or has to help. */
export function CallDetails({ course, quality, safety, onClose }: CallDetailsProps): ReactElement {
  const [copied, setCopied] = useState<"no" | "yes" | "refused">("no");
  const latest = useStore(quality);
  const sections = sectionsOf(useStore(course), latest, latest.samples.at(-1)?.at ?? 0);
  const safetyText = safety();
  const copy = (): void => {
    copyText(textOf(sections)).then(
      () => setCopied("yes"),
      () => setCopied("refused"),
    );
  };
  return (
    <StagePanel
      title="Call details"
      action={<StageButton title={COPY[copied]} icon="copy" onPress={copy} testID="details-copy" />}
      onClose={onClose}
      testID="call-details"
      closeID="details-close"
    >
      {safetyText !== null && (
        <Suspense fallback={null}>
          <SafetyWords text={safetyText} />
        </Suspense>
      )}
      {sections.map((section) => (
        <Rows key={section.title} section={section} />
      ))}
    </StagePanel>
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

const styles = StyleSheet.create({
  section: { gap: 3 },
  row: { flexDirection: "row", gap: 12 },
  name: { width: 132 },
  value: { flex: 1, minWidth: 0, fontVariant: ["tabular-nums"] },
});
