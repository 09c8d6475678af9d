import { useEffect, useState, type ReactElement } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { VideoView } from "../peer/VideoView";
import { preferences } from "../settings/preferences";
import { useStore } from "../ui/store";
import { STAGE } from "../ui/palette";
import { StageButton } from "../ui/StageButton";
import { Avatar } from "../ui/Avatar";
import { isInCall, isLive } from "./callCourse";
import { calls } from "./calls";
import type { CallView } from "./CallShell";
import { isOnHold } from "./hold";

/**
 * The other side's picture on the whole screen, and its sound. It is mounted while the call still rings, unseen and unheard,
 * so that nothing has to be set up between the answer and the first picture.
 */
export function RemoteMedia({ view: { state, remote } }: { view: CallView }): ReactElement | null {
  const [aspect, setAspect] = useState<number | null>(null);
  const [whole, setWhole] = useState(false);
  const [refused, setRefused] = useState(false);
  const { speaker } = useStore(preferences).devices;
  const call = isInCall(state) ? state : null;
  const onHold = call !== null && isOnHold(call);
  const picture = call !== null && !onHold && (call.far.video || call.far.screen);
  const seen = picture && call.activeSince !== null && aspect !== null;
  useEffect(() => {
    if (seen) calls.sawPicture();
  }, [seen]);
  if (!isLive(state)) return null;
  return (
    <>
      {call !== null && !seen && (
        <View style={styles.faceless}>
          <Avatar name={state.peer.name} seed={state.peer.userId} size={136} />
        </View>
      )}
      <VideoView
        stream={remote}
        muted={false}
        silent={call === null || onHold}
        mirrored={false}
        fit={call?.far.screen === true || whole ? "contain" : "cover"}
        hidden={!picture}
        onAspect={setAspect}
        onRefused={setRefused}
        speaker={speaker}
        label={`${state.peer.name}'s ${call?.far.screen === true ? "screen" : "camera"}`}
        testID="remote-video"
      />
      {seen && !call.far.screen && (
        <Pressable
          role="button"
          aria-label={whole ? "Fill the screen with the picture" : "Show the whole picture"}
          testID="remote-fit"
          onPress={() => setWhole(!whole)}
          style={StyleSheet.absoluteFill}
        />
      )}
      {refused && call !== null && !onHold && (
        <View role="alert" style={styles.refused}>
          <StageButton
            title={`Tap to hear ${state.peer.name}`}
            icon="alert"
            onPress={() => undefined}
            testID="sound-refused"
          />
        </View>
      )}
    </>
  );
}

const styles = StyleSheet.create({
  // Whatever is touched lets it sound.
  refused: {
    position: "absolute",
    alignSelf: "center",
    bottom: 132,
    borderRadius: 22,
    backgroundColor: STAGE.panelSolid,
  },
  faceless: { ...StyleSheet.absoluteFill, alignItems: "center", justifyContent: "center" },
});
