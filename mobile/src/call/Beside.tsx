import type { ReactElement, ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import { Avatar } from "../ui/Avatar";
import { Button, RoundButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { useInsets } from "../ui/insets";
import { DARK, STAGE } from "../ui/palette";
import { useStore } from "../ui/store";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import { isInCall } from "./callCourse";
import { calls } from "./calls";
import type { InCall, Ringing } from "./callState";

/** The call beside the one in front: it waits to be taken, or is held. */
export function Beside(): ReactElement | null {
  const { beside } = useStore(calls.view);
  if (beside.at === "incoming") return <WaitingCall call={beside} />;
  return isInCall(beside) ? <HeldCall call={beside} /> : null;
}

/** Somebody calls while we talk. It does not take the focus: the call that runs matters more. */
function WaitingCall({ call }: { call: Ringing }): ReactElement {
  const insets = useInsets();
  const { wide } = useTheme();
  const { name, userId } = call.peer;
  return (
    <View
      role="dialog"
      aria-label={`${name} is calling`}
      testID="waiting-call"
      style={[styles.waiting, wide ? styles.wideWaiting : styles.phoneWaiting, { top: 12 + insets.top }]}
    >
      <View role="alert" style={styles.who}>
        <Avatar name={name} seed={userId} size={48} />
        <View style={styles.words}>
          <Type kind="strong" color={STAGE.text} lines={1} testID="waiting-name">
            {name}
          </Type>
          <Type kind="small" color={STAGE.muted} lines={1}>
            {call.media === "video" ? "calls you · video" : "calls you · voice"}
          </Type>
        </View>
      </View>
      <View style={styles.choices}>
        <Choice
          label="Decline"
          icon="hang-up"
          background={DARK.danger}
          onPress={() => calls.declineWaiting()}
          testID="waiting-decline"
        />
        <Choice
          label="End & answer"
          icon="check"
          background={STAGE.control}
          onPress={() => calls.takeWaiting("end")}
          testID="waiting-end-answer"
        />
        <Choice
          label="Hold & answer"
          icon="pause"
          background={DARK.accept}
          onPress={() => calls.takeWaiting("hold")}
          testID="waiting-hold-answer"
        />
      </View>
    </View>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly icon: "hang-up" | "check" | "pause";
  readonly background: string;
  readonly onPress: () => void;
  readonly testID: string;
}

function Choice({ label, icon, background, onPress, testID }: ChoiceProps): ReactElement {
  return (
    <View style={styles.choice}>
      <RoundButton
        icon={icon}
        label={label}
        caption={label}
        onPress={onPress}
        background={background}
        color="#FFFFFF"
        captionColor={STAGE.text}
        size={52}
        testID={testID}
      />
    </View>
  );
}

/** The other call, on hold, with what can be done about it. */
function HeldCall({ call }: { call: InCall }): ReactElement {
  const insets = useInsets();
  const { name, userId } = call.peer;
  return (
    <View
      role="region"
      aria-label={`Call with ${name}, on hold`}
      testID="held-call"
      style={[styles.held, { bottom: 124 + insets.bottom }]}
    >
      <Avatar name={name} seed={userId} size={36} />
      <View style={styles.words}>
        <Type kind="label" color={STAGE.text} lines={1} testID="held-name">
          {name}
        </Type>
        <Type kind="small" color={STAGE.muted} lines={1}>
          {call.at === "reconnecting" ? "On hold · reconnecting…" : "On hold"}
        </Type>
      </View>
      <RoundButton
        icon="swap"
        label={`Swap to ${name}`}
        onPress={() => calls.swap()}
        background={STAGE.control}
        color={STAGE.text}
        size={46}
        testID="held-swap"
      />
      <RoundButton
        icon="hang-up"
        label={`End the call with ${name}`}
        onPress={() => calls.endHeld()}
        background={DARK.danger}
        color="#FFFFFF"
        size={46}
        testID="held-end"
      />
    </View>
  );
}

/** The call in front is on hold: by us, with a way to go on, or by them. */
export function OnHold({ call }: { call: InCall }): ReactElement {
  const words = call.held ? `Your call with ${call.peer.name} is on hold` : `${call.peer.name} put the call on hold`;
  return (
    <Centre>
      <View role="status" aria-live="polite" style={styles.holdWords} testID="on-hold">
        <Icon name="pause" size={20} color={STAGE.muted} />
        <Type color={STAGE.muted} center lines={2}>
          {words}
        </Type>
      </View>
      {call.held && (
        <Button title="Resume" icon="play" onPress={() => calls.resume()} testID="call-unhold" style={styles.resume} />
      )}
    </Centre>
  );
}

/** Beneath the face in the middle. */
function Centre({ children }: { children: ReactNode }): ReactElement {
  return <View style={styles.centre}>{children}</View>;
}

const styles = StyleSheet.create({
  waiting: {
    position: "absolute",
    zIndex: 2,
    gap: 16,
    padding: 16,
    borderRadius: 20,
    backgroundColor: STAGE.panelSolid,
    borderWidth: 1,
    borderColor: "rgba(255, 255, 255, 0.18)",
  },
  phoneWaiting: { left: 12, right: 12 },
  wideWaiting: { alignSelf: "center", width: 460 },
  who: { flexDirection: "row", alignItems: "center", gap: 12 },
  words: { flex: 1, minWidth: 0 },
  choices: { flexDirection: "row", justifyContent: "space-between" },
  choice: { flex: 1, alignItems: "center" },
  held: {
    position: "absolute",
    alignSelf: "center",
    flexDirection: "row",
    alignItems: "center",
    gap: 4,
    width: 340,
    maxWidth: "94%",
    paddingLeft: 14,
    paddingRight: 4,
    paddingVertical: 8,
    borderRadius: 36,
    backgroundColor: STAGE.panel,
  },
  centre: {
    position: "absolute",
    top: "50%",
    left: 24,
    right: 24,
    marginTop: 92,
    gap: 20,
    alignItems: "center",
  },
  holdWords: { flexDirection: "row", alignItems: "center", gap: 10, maxWidth: 480 },
  resume: { minWidth: 200 },
});
