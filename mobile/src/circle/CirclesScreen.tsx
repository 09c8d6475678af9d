import { useEffect, useState, type ReactElement } from "react";
import { wordsFor } from "../api/http";
import { HistoryButton } from "../call/HistoryButton";
import { go } from "../navigation/navigation";
import { Avatar } from "../ui/Avatar";
import { Banner, Empty, List, Loading, Row } from "../ui/Blocks";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { Page } from "../ui/Page";
import { useStore } from "../ui/store";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import { circles, createCircle, loadCircles, type CircleSummary } from "./circles";

/** The circles of who is signed in: on phones a page of its own. */
export function CirclesScreen({ onCreate }: { onCreate: () => void }): ReactElement {
  const { wide } = useTheme();
  return (
    <Page
      title="Circles"
      testID="circles-screen"
      actions={
        wide ? null : (
          <>
            <HistoryButton />
            <IconButton
              icon="settings"
              label="Settings"
              onPress={() => go({ to: "settings" })}
              testID="settings-open"
            />
            <IconButton icon="plus" label="New circle" onPress={onCreate} testID="circle-create" />
          </>
        )
      }
    >
      <CircleList onCreate={onCreate} selected={null} />
    </Page>
  );
}

export function CircleList({ onCreate, selected }: { onCreate: () => void; selected: string | null }): ReactElement {
  const { value, error } = useStore(circles);
  const { wide } = useTheme();
  useEffect(() => {
    void loadCircles();
  }, []);
  if (value === null) {
    if (error === null) return <Loading label="Loading your circles" />;
    return (
      <Empty
        icon="offline"
        title="Your circles could not be loaded"
        detail={error}
        action={{ title: "Try again", onPress: () => void loadCircles(), testID: "circles-retry" }}
        testID="circles-error"
      />
    );
  }
  if (value.length === 0) {
    // Beside the page that says so at length.
    if (wide) return <Type muted>No circles yet</Type>;
    return <NoCircles onCreate={onCreate} />;
  }
  return (
    <>
      {error !== null && <Banner tone="warning" icon="alert" title={error} testID="circles-error" />}
      <List label="Circles">
        {value.map((one) => (
          <CircleRow key={one.id} circle={one} selected={wide && one.id === selected} />
        ))}
      </List>
    </>
  );
}

/** What to do first. */
export function NoCircles({ onCreate }: { onCreate: () => void }): ReactElement {
  return (
    <Empty
      icon="people"
      title="No circles yet"
      detail="A circle is a few people who can call each other: a family, a club, a team. Make one and invite them, or open the invite link somebody sent you."
      action={{ title: "Create a circle", icon: "plus", onPress: onCreate, testID: "circle-create-first" }}
      testID="circles-empty"
    />
  );
}

function CircleRow({ circle, selected }: { circle: CircleSummary; selected: boolean }): ReactElement {
  const { colors } = useTheme();
  const count = circle.memberCount === 1 ? "Only you so far" : `${circle.memberCount} members`;
  return (
    <Row
      testID={`circle-${circle.name}`}
      start={<Avatar name={circle.name} seed={circle.id} square />}
      title={circle.name}
      detail={count}
      label={`${circle.name}, ${count}`}
      selected={selected}
      end={<Icon name="chevron" size={18} color={colors.muted} />}
      onPress={() => go({ to: "circle", id: circle.id })}
    />
  );
}

export function CreateCircleDialog({ onClose }: { onClose: () => void }): ReactElement {
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = (): void => {
    if (busy) return;
    if (name.trim() === "") {
      setError("Give the circle a name.");
      return;
    }
    setBusy(true);
    createCircle(name.trim())
      .then((id) => {
        onClose();
        go({ to: "circle", id });
      })
      .catch((problem: unknown) => {
        setError(wordsFor(problem));
        setBusy(false);
      });
  };
  return (
    <Dialog title="New circle" onClose={onClose} testID="circle-create-dialog">
      <Field
        label="Name"
        value={name}
        onChange={setName}
        error={error}
        hint="Everyone in it sees this name."
        autoFocus
        maxLength={64}
        onSubmit={submit}
        testID="circle-create-name"
      />
      <Button title="Create circle" onPress={submit} busy={busy} testID="circle-create-submit" />
      <Button title="Cancel" look="quiet" onPress={onClose} testID="circle-create-cancel" />
    </Dialog>
  );
}
