import { useCallback, useState, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { Button } from "../ui/Button";
import { Type } from "../ui/Type";
import { ConnectionLines } from "./ConnectionLines";

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
      {test > 0 && <ConnectionLines key={test} onDone={done} />}
    </View>
  );
}

const styles = StyleSheet.create({
  group: { gap: 10, marginTop: 8 },
  button: { alignSelf: "flex-start" },
});
