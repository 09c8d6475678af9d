import { lazy, Suspense, useCallback, useEffect, useState, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { Button } from "../ui/Button";
import { Loading } from "../ui/Blocks";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";

/** Who never tests their connection never loads it. */
const ConnectionLines = lazy(() =>
  import("./ConnectionLines").then(
    ({ ConnectionLines: Lines }) => ({ default: Lines }),
    () => ({ default: NotLoaded }),
  ),
);

/** A test of the connection, as a part of the settings. */
export function ConnectionSection(): ReactElement {
  const [test, setTest] = useState(0);
  const [running, setRunning] = useState(false);
  const done = useCallback(() => setRunning(false), []);
  const begin = (): void => {
    setTest(test + 1);
    setRunning(true);
  };
  return (
    <View style={styles.group}>
      <Type kind="heading">Connection</Type>
      <Type kind="small" muted>
        Tries each way a call could go from here, and says what is wrong with those that do not work.
      </Type>
      <Button
        title="Test my connection"
        look="secondary"
        busy={running}
        onPress={begin}
        testID="connection-test"
        style={styles.button}
      />
      {test > 0 && (
        <Suspense fallback={<Loading label="Loading the test" />}>
          <ConnectionLines key={test} onDone={done} />
        </Suspense>
      )}
    </View>
  );
}

/** The server may have another version by now, and this one's scripts no more. */
function NotLoaded({ onDone }: { onDone: () => void }): ReactElement {
  useEffect(onDone, [onDone]);
  return (
    <Type color={useTheme().colors.dangerText} testID="connection-not-loaded">
      The test could not be loaded. Load the page anew, and try again.
    </Type>
  );
}

const styles = StyleSheet.create({
  group: { gap: 10, marginTop: 8 },
  button: { alignSelf: "flex-start" },
});
