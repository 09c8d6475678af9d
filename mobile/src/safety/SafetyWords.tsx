import { useEffect, useState, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { STAGE } from "../ui/palette";
import { Type } from "../ui/Type";
import { wordsOf } from "./safetyWords";
import { sha256 } from "./sha256";

/** Words to read to each other, made from `text`, which both sides have. */
export function SafetyWords({ text }: { text: string }): ReactElement | null {
  const words = useWords(text);
  if (words === null) return null;
  return (
    <View style={styles.section}>
      <Type kind="label" color={STAGE.text}>
        Safety words
      </Type>
      <Type kind="strong" color={STAGE.text} testID="safety-words">
        {words.join(" ")}
      </Type>
      <Type kind="small" color={STAGE.muted}>
        If both of you read the same words, nobody is in between.
      </Type>
    </View>
  );
}

function useWords(text: string): readonly string[] | null {
  const [made, setMade] = useState<{ readonly from: string; readonly words: readonly string[] } | null>(null);
  useEffect(() => {
    let wanted = true;
    sha256(text).then(
      (digest) => wanted && setMade({ from: text, words: wordsOf(digest) }),
      // Without words nobody is told that all is well.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [text]);
  return made?.from === text ? made.words : null;
}

const styles = StyleSheet.create({
  section: { gap: 3 },
});
