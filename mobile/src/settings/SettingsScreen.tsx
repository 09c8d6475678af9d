import { useState, type ReactElement } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { signOut, type User } from "../auth/session";
import { canNotify, mayNotify } from "../call/systemNotice";
import { ConnectionSection } from "../connectivity/ConnectionSection";
import { go } from "../navigation/navigation";
import { Avatar } from "../ui/Avatar";
import { List, Row } from "../ui/Blocks";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Page } from "../ui/Page";
import { useStore } from "../ui/store";
import { showToast } from "../ui/toast";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import { AddressPrivacy } from "./AddressPrivacy";
import {
  preferences,
  setCallWaiting,
  setLessData,
  setNotices,
  setShortcuts,
  setTheme,
  type Preferences,
} from "./preferences";

const THEMES: readonly { readonly theme: Preferences["theme"]; readonly title: string }[] = [
  { theme: "system", title: "As the device" },
  { theme: "light", title: "Light" },
  { theme: "dark", title: "Dark" },
];

export function SettingsScreen({ me }: { me: User }): ReactElement {
  const { wide, colors } = useTheme();
  const { theme, callWaiting, lessData, notices, shortcuts } = useStore(preferences);
  const [leaving, setLeaving] = useState(false);
  return (
    <View style={styles.fill}>
      <Page title="Settings" onBack={wide ? undefined : () => go({ to: "circles" })} testID="settings-screen">
        <List label="Account">
          <Row
            testID="settings-account"
            start={<Avatar name={me.displayName} seed={me.id} size={52} />}
            title={me.displayName}
            detail={`@${me.username}`}
            end={<Button title="Sign out" look="danger" small onPress={() => setLeaving(true)} testID="sign-out" />}
          />
        </List>
        <View style={styles.group}>
          <Type kind="heading">Appearance</Type>
          <View
            role="radiogroup"
            aria-label="Appearance"
            style={[styles.choices, { borderColor: colors.line, backgroundColor: colors.surface }]}
          >
            {THEMES.map((choice) => (
              <Choice
                key={choice.theme}
                title={choice.title}
                chosen={theme === choice.theme}
                onChoose={() => void setTheme(choice.theme)}
                testID={`theme-${choice.theme}`}
              />
            ))}
          </View>
        </View>
        <AddressPrivacy me={me} />
        <View style={styles.group}>
          <Type kind="heading">Calls</Type>
          <Switch
            on={callWaiting}
            title="Call waiting"
            detail="While you talk on this device, a second call waits softly, and you can take it. Without, whoever calls finds you busy."
            onTurn={(on) => void setCallWaiting(on)}
            testID="call-waiting"
          />
          <Switch
            on={lessData}
            title="Use less data"
            detail="Your picture is sent from this device with less detail and fewer images a second: 0.15 GB an hour at most, not 1.1."
            onTurn={(on) => void setLessData(on)}
            testID="less-data"
          />
          {canNotify() && (
            <Switch
              on={notices}
              title="Notifications"
              detail="While you look at something else your system tells you who calls, and whom you missed. This page has to stay open."
              onTurn={(on) => void turnNotices(on)}
              testID="notices"
            />
          )}
          {process.env.EXPO_OS === "web" && (
            <Switch
              on={shortcuts}
              title="Keys in a call"
              detail="M mutes the microphone, V turns the camera off, D shows the details of the call."
              onTurn={(on) => void setShortcuts(on)}
              testID="shortcuts"
            />
          )}
        </View>
        <ConnectionSection />
      </Page>
      {leaving && (
        <Dialog title="Sign out?" onClose={() => setLeaving(false)} testID="confirm-dialog">
          <Type muted>Calls will not ring here until you sign in again.</Type>
          <Button title="Sign out" look="danger" onPress={() => void signOut()} testID="confirm" />
          <Button title="Cancel" look="quiet" onPress={() => setLeaving(false)} testID="confirm-cancel" />
        </Dialog>
      )}
    </View>
  );
}

async function turnNotices(on: boolean): Promise<void> {
  if (on && !(await mayNotify()))
    showToast("Your browser does not let Kith notify you: allow it in its settings", "danger");
  else await setNotices(on);
}

interface SwitchProps {
  readonly on: boolean;
  readonly title: string;
  readonly detail: string;
  readonly onTurn: (on: boolean) => void;
  readonly testID: string;
}

function Switch({ on, title, detail, onTurn, testID }: SwitchProps): ReactElement {
  const { colors } = useTheme();
  return (
    <Pressable
      role="switch"
      aria-checked={on}
      aria-label={title}
      testID={testID}
      onPress={() => onTurn(!on)}
      style={[styles.switchRow, { borderColor: colors.line, backgroundColor: colors.surface }]}
    >
      <View style={styles.fill}>
        <Type kind="strong">{title}</Type>
        <Type kind="small" muted>
          {detail}
        </Type>
      </View>
      <View style={[styles.track, { backgroundColor: on ? colors.primary : colors.offline }]}>
        <View style={[styles.knob, on && styles.knobOn]} />
      </View>
    </Pressable>
  );
}

interface ChoiceProps {
  readonly title: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly testID: string;
}

function Choice({ title, chosen, onChoose, testID }: ChoiceProps): ReactElement {
  const { colors } = useTheme();
  return (
    <Pressable
      role="radio"
      aria-checked={chosen}
      aria-label={title}
      testID={testID}
      onPress={onChoose}
      style={[styles.choice, chosen && { backgroundColor: colors.soft }]}
    >
      <Type kind="label" center color={chosen ? colors.onSoft : colors.text}>
        {title}
      </Type>
    </Pressable>
  );
}

const styles = StyleSheet.create({
  fill: { flex: 1, minWidth: 0 },
  group: { gap: 10, marginTop: 8 },
  choices: { flexDirection: "row", borderRadius: 14, borderWidth: 1, padding: 4, gap: 4, maxWidth: 440 },
  choice: { flex: 1, minHeight: 44, borderRadius: 10, alignItems: "center", justifyContent: "center" },
  switchRow: { flexDirection: "row", alignItems: "center", gap: 16, padding: 16, borderRadius: 16, borderWidth: 1 },
  track: { width: 48, height: 28, borderRadius: 14, padding: 3 },
  knob: { width: 22, height: 22, borderRadius: 11, backgroundColor: "#FFFFFF" },
  knobOn: { marginLeft: 20 },
});
