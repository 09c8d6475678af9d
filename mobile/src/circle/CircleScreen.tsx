import { useEffect, useState, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { wordsFor } from "../api/http";
import type { User } from "../auth/session";
import { calls } from "../call/calls";
import { go, goInstead } from "../navigation/navigation";
import type { PresenceStatus } from "../signaling/messages";
import { Avatar } from "../ui/Avatar";
import { Banner, Empty, List, Loading, Row } from "../ui/Blocks";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Page } from "../ui/Page";
import { useStore } from "../ui/store";
import { useTheme } from "../ui/theme";
import { showToast } from "../ui/toast";
import { Type } from "../ui/Type";
import { circle, loadCircle, removeMember, type Member } from "./circles";
import { InviteDialog } from "./InviteDialog";

/** How often the page looks for members who came or left: the server tells of presence, not of membership. */
const LOOK_EVERY_MS = 20_000;

type Asking =
  | { readonly what: "invite" }
  | { readonly what: "leave" }
  | { readonly what: "member" | "remove"; readonly member: Member };

/** A circle and its members, each with a way to call them. */
export function CircleScreen({ id, me }: { id: string; me: User }): ReactElement {
  const { value, error, gone } = useStore(circle);
  const { wide } = useTheme();
  const [asking, setAsking] = useState<Asking | null>(null);
  useEffect(() => {
    void loadCircle(id);
    const timer = setInterval(() => void loadCircle(id), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [id]);
  useEffect(() => calls.getReady(), []);
  const shown = value?.id === id ? value : null;
  const back = wide ? undefined : (): void => go({ to: "circles" });
  if (shown === null) {
    return (
      <Page title={error === null ? "" : "Circle"} onBack={back} testID="circle-screen">
        {error === null ? (
          <Loading label="Loading the circle" />
        ) : (
          <Empty
            icon={gone ? "people" : "offline"}
            title={gone ? "This circle is not there" : "The circle could not be loaded"}
            detail={gone ? "It does not exist, or you are not a member of it any more." : error}
            action={
              gone
                ? { title: "To my circles", onPress: () => goInstead({ to: "circles" }), testID: "circle-gone" }
                : { title: "Try again", onPress: () => void loadCircle(id), testID: "circle-retry" }
            }
            testID="circle-error"
          />
        )}
      </Page>
    );
  }
  const others = shown.members.filter((member) => member.userId !== me.id);
  const owns = shown.ownerId === me.id;
  return (
    <View style={styles.fill}>
      <Page
        title={shown.name}
        subtitle={shown.members.length === 1 ? "1 member" : `${shown.members.length} members`}
        onBack={back}
        testID="circle-screen"
        actions={
          <>
            <IconButton
              icon="invite"
              label="Invite people"
              onPress={() => setAsking({ what: "invite" })}
              testID="circle-invite"
            />
            <IconButton
              icon="leave"
              label="Leave the circle"
              onPress={() => setAsking({ what: "leave" })}
              testID="circle-leave"
            />
          </>
        }
      >
        {error !== null && <Banner tone="warning" icon="alert" title={error} testID="circle-error" />}
        {others.length === 0 ? (
          <Empty
            icon="invite"
            title="Nobody else is here yet"
            detail="Send an invite link to the people you want to call. Whoever opens it joins this circle."
            action={{
              title: "Invite people",
              icon: "invite",
              onPress: () => setAsking({ what: "invite" }),
              testID: "circle-invite-first",
            }}
            testID="circle-empty"
          />
        ) : (
          <List label="Members">
            {others.map((member) => (
              <MemberRow
                key={member.userId}
                member={member}
                circleId={shown.id}
                onOpen={() => setAsking({ what: "member", member })}
              />
            ))}
          </List>
        )}
      </Page>
      {asking?.what === "invite" && <InviteDialog circle={shown} onClose={() => setAsking(null)} />}
      {asking?.what === "member" && (
        <MemberDialog
          member={asking.member}
          circleId={shown.id}
          onRemove={owns ? () => setAsking({ what: "remove", member: asking.member }) : null}
          onClose={() => setAsking(null)}
        />
      )}
      {asking?.what === "leave" && (
        <LeaveDialog
          title={`Leave ${shown.name}?`}
          words="Its members can no longer call you, nor you them. To come back you need a new invite."
          action="Leave circle"
          onClose={() => setAsking(null)}
          onDo={() => removeMember(shown.id, me.id).then(() => goInstead({ to: "circles" }))}
        />
      )}
      {asking?.what === "remove" && (
        <LeaveDialog
          title={`Remove ${asking.member.displayName}?`}
          words={`They leave ${shown.name}, and a call that runs between you two ends.`}
          action="Remove"
          onClose={() => setAsking(null)}
          onDo={() => removeMember(shown.id, asking.member.userId).then(() => loadCircle(shown.id))}
        />
      )}
    </View>
  );
}

function MemberRow({
  member,
  circleId,
  onOpen,
}: {
  member: Member;
  circleId: string;
  onOpen: () => void;
}): ReactElement {
  const { displayName, username, userId, status } = member;
  return (
    <Row
      testID={`member-${username}`}
      start={<Avatar name={displayName} seed={userId} presence={status} />}
      title={displayName}
      titleLines={2}
      badge={member.role === "owner" ? "Owner" : undefined}
      detail={PRESENCE[status]}
      label={`${displayName}, ${PRESENCE[status]}. More`}
      split
      onPress={onOpen}
      end={
        <Button
          title="Call"
          icon="camera"
          small
          label={`Call ${displayName}`}
          onPress={() => void calls.call({ userId, name: displayName }, circleId, "video")}
          testID={`call-${username}`}
        />
      }
    />
  );
}

interface MemberDialogProps {
  readonly member: Member;
  readonly circleId: string;
  readonly onRemove: (() => void) | null;
  readonly onClose: () => void;
}

/** What one can do with somebody: call with or without the camera and, as the owner, remove them. */
function MemberDialog({ member, circleId, onRemove, onClose }: MemberDialogProps): ReactElement {
  const person = { userId: member.userId, name: member.displayName };
  const call = (media: "video" | "audio"): void => {
    onClose();
    void calls.call(person, circleId, media);
  };
  return (
    <Dialog title={member.displayName} onClose={onClose} testID="member-dialog">
      <Type muted>{`@${member.username} · ${PRESENCE[member.status]}`}</Type>
      <Button title="Video call" icon="camera" onPress={() => call("video")} testID="member-call-video" />
      <Button
        title="Voice call"
        icon="phone"
        look="secondary"
        onPress={() => call("audio")}
        testID="member-call-audio"
      />
      {onRemove !== null && (
        <Button title="Remove from the circle" look="danger" onPress={onRemove} testID={`remove-${member.username}`} />
      )}
      <Button title="Close" look="quiet" onPress={onClose} testID="member-close" />
    </Dialog>
  );
}

export const PRESENCE: Readonly<Record<PresenceStatus, string>> = {
  online: "Online",
  "in-call": "In a call",
  offline: "Offline",
};

interface LeaveDialogProps {
  readonly title: string;
  readonly words: string;
  readonly action: string;
  readonly onClose: () => void;
  readonly onDo: () => Promise<void>;
}

function LeaveDialog({ title, words, action, onClose, onDo }: LeaveDialogProps): ReactElement {
  const [busy, setBusy] = useState(false);
  const act = (): void => {
    setBusy(true);
    onDo()
      .catch((error: unknown) => showToast(wordsFor(error), "danger"))
      .finally(onClose);
  };
  return (
    <Dialog title={title} onClose={onClose} testID="confirm-dialog">
      <Type muted>{words}</Type>
      <Button title={action} look="danger" onPress={act} busy={busy} testID="confirm" />
      <Button title="Cancel" look="quiet" onPress={onClose} testID="confirm-cancel" />
    </Dialog>
  );
}

const styles = StyleSheet.create({ fill: { flex: 1, minWidth: 0 } });
