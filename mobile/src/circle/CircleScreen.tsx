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
import { circle, loadCircle, removeMember, type Circle, type Member } from "./circles";
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
  useEffect(() => {
    void loadCircle(id);
    const timer = setInterval(() => void loadCircle(id), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [id]);
  useEffect(() => calls.getReady(), []);
  const back = wide ? undefined : (): void => go({ to: "circles" });
  if (value?.id === id) return <ShownCircle shown={value} me={me} error={error} onBack={back} />;
  return (
    <Page title={error === null ? "" : "Circle"} onBack={back} testID="circle-screen">
      {error === null ? <Loading label="Loading the circle" /> : <NoCircle id={id} error={error} gone={gone} />}
    </Page>
  );
}

function NoCircle({ id, error, gone }: { id: string; error: string; gone: boolean }): ReactElement {
  return gone ? (
    <Empty
      icon="people"
      title="This circle is not there"
      detail="It does not exist, or you are not a member of it any more."
      action={{ title: "To my circles", onPress: () => goInstead({ to: "circles" }), testID: "circle-gone" }}
      testID="circle-error"
    />
  ) : (
    <Empty
      icon="offline"
      title="The circle could not be loaded"
      detail={error}
      action={{ title: "Try again", onPress: () => void loadCircle(id), testID: "circle-retry" }}
      testID="circle-error"
    />
  );
}

interface ShownCircleProps {
  readonly shown: Circle;
  readonly me: User;
  readonly error: string | null;
  readonly onBack: (() => void) | undefined;
}

function ShownCircle({ shown, me, error, onBack }: ShownCircleProps): ReactElement {
  const [asking, setAsking] = useState<Asking | null>(null);
  const invite = (): void => setAsking({ what: "invite" });
  return (
    <View style={styles.fill}>
      <Page
        title={shown.name}
        subtitle={shown.members.length === 1 ? "1 member" : `${shown.members.length} members`}
        onBack={onBack}
        testID="circle-screen"
        actions={
          <>
            <IconButton icon="invite" label="Invite people" onPress={invite} testID="circle-invite" />
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
        <Others
          others={shown.members.filter((member) => member.userId !== me.id)}
          circleId={shown.id}
          onOpen={(member) => setAsking({ what: "member", member })}
          onInvite={invite}
        />
      </Page>
      {asking !== null && <Asked asking={asking} shown={shown} me={me} onAsk={setAsking} />}
    </View>
  );
}

interface OthersProps {
  readonly others: readonly Member[];
  readonly circleId: string;
  readonly onOpen: (member: Member) => void;
  readonly onInvite: () => void;
}

function Others({ others, circleId, onOpen, onInvite }: OthersProps): ReactElement {
  if (others.length === 0) {
    return (
      <Empty
        icon="invite"
        title="Nobody else is here yet"
        detail="Send an invite link to the people you want to call. Whoever opens it joins this circle."
        action={{ title: "Invite people", icon: "invite", onPress: onInvite, testID: "circle-invite-first" }}
        testID="circle-empty"
      />
    );
  }
  return (
    <List label="Members">
      {others.map((member) => (
        <MemberRow key={member.userId} member={member} circleId={circleId} onOpen={() => onOpen(member)} />
      ))}
    </List>
  );
}

interface AskedProps {
  readonly asking: Asking;
  readonly shown: Circle;
  readonly me: User;
  readonly onAsk: (asking: Asking | null) => void;
}

/** The dialog over the circle. */
function Asked({ asking, shown, me, onAsk }: AskedProps): ReactElement {
  const close = (): void => onAsk(null);
  switch (asking.what) {
    case "invite":
      return <InviteDialog circle={shown} onClose={close} />;
    case "member": {
      const { member } = asking;
      const remove = shown.ownerId === me.id ? (): void => onAsk({ what: "remove", member }) : null;
      return <MemberDialog member={member} circleId={shown.id} onRemove={remove} onClose={close} />;
    }
    case "leave":
      return (
        <ConfirmDialog
          title={`Leave ${shown.name}?`}
          words="Its members can no longer call you, nor you them. To come back you need a new invite."
          action="Leave circle"
          onClose={close}
          onDo={() => removeMember(shown.id, me.id).then(() => goInstead({ to: "circles" }))}
        />
      );
    case "remove": {
      const { displayName, userId } = asking.member;
      return (
        <ConfirmDialog
          title={`Remove ${displayName}?`}
          words={`They leave ${shown.name}, and a call that runs between you two ends.`}
          action="Remove"
          onClose={close}
          onDo={() => removeMember(shown.id, userId).then(() => loadCircle(shown.id))}
        />
      );
    }
  }
}

const PRESENCE: Readonly<Record<PresenceStatus, string>> = {
  online: "Online",
  "in-call": "In a call",
  offline: "Offline",
};

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

interface ConfirmDialogProps {
  readonly title: string;
  readonly words: string;
  readonly action: string;
  readonly onClose: () => void;
  readonly onDo: () => Promise<void>;
}

function ConfirmDialog({ title, words, action, onClose, onDo }: ConfirmDialogProps): ReactElement {
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
