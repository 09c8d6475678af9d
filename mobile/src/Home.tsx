import { useEffect, useState, type ReactElement } from "react";
import { ScrollView, StyleSheet, View } from "react-native";
import type { User } from "./auth/session";
import { connection } from "./call/calls";
import { HistoryButton } from "./call/HistoryButton";
import { circles } from "./circle/circles";
import { CircleList, CirclesScreen, CreateCircleDialog, NoCircles } from "./circle/CirclesScreen";
import { CircleScreen } from "./circle/CircleScreen";
import { AcceptInviteScreen } from "./circle/InvitationCard";
import { later } from "./navigation/later";
import { go, place } from "./navigation/navigation";
import type { Route } from "./navigation/route";
import { Avatar } from "./ui/Avatar";
import { Banner, Empty } from "./ui/Blocks";
import { Brand } from "./ui/Brand";
import { IconButton } from "./ui/Button";
import { useInsets } from "./ui/insets";
import { useStore } from "./ui/store";
import { useTheme } from "./ui/theme";
import { Type } from "./ui/Type";

const HistoryScreen = later("Calls", () => import("./call/HistoryScreen").then((it) => it.HistoryScreen));
const SettingsScreen = later("Settings", () => import("./settings/SettingsScreen").then((it) => it.SettingsScreen));

/** Short interruptions are nobody's business. */
const BANNER_AFTER_MS = 1_500;

/** The app of who is signed in: one page on a phone, a side bar and a page where there is room. */
export function Home({ me }: { me: User }): ReactElement {
  const route = useStore(place);
  const { wide } = useTheme();
  const [creating, setCreating] = useState(false);
  const create = (): void => setCreating(true);
  return (
    <View style={styles.home}>
      <ConnectionBanner />
      <View style={styles.panes}>
        {wide && <SideBar me={me} route={route} onCreate={create} />}
        <Content me={me} route={route} wide={wide} onCreate={create} />
      </View>
      {creating && <CreateCircleDialog onClose={() => setCreating(false)} />}
    </View>
  );
}

interface ContentProps {
  readonly me: User;
  readonly route: Route;
  readonly wide: boolean;
  readonly onCreate: () => void;
}

function Content({ me, route, wide, onCreate }: ContentProps): ReactElement {
  switch (route.to) {
    case "circles":
      return wide ? <Welcome onCreate={onCreate} /> : <CirclesScreen onCreate={onCreate} />;
    case "circle":
      return <CircleScreen id={route.id} me={me} />;
    case "invite":
      return <AcceptInviteScreen code={route.code} />;
    case "history":
      return <HistoryScreen />;
    case "settings":
      return <SettingsScreen me={me} />;
  }
}

/** The page beside the list of circles, while none is chosen. */
function Welcome({ onCreate }: { onCreate: () => void }): ReactElement {
  const { value } = useStore(circles);
  return (
    <View role="main" style={styles.blank} testID="circles-screen">
      {value?.length === 0 ? (
        <NoCircles onCreate={onCreate} />
      ) : (
        <Empty
          icon="people"
          title="Choose a circle"
          detail="Its members are a click away. Keep this page open, and their calls ring here."
          testID="circles-choose"
        />
      )}
    </View>
  );
}

function SideBar({ me, route, onCreate }: { me: User; route: Route; onCreate: () => void }): ReactElement {
  const { colors } = useTheme();
  return (
    <View role="navigation" style={[styles.side, { backgroundColor: colors.surface, borderColor: colors.line }]}>
      <View style={styles.sideTop}>
        <Brand />
        <IconButton icon="plus" label="New circle" onPress={onCreate} testID="circle-create" />
      </View>
      <ScrollView style={styles.fill} contentContainerStyle={styles.sideList}>
        <CircleList onCreate={onCreate} selected={route.to === "circle" ? route.id : null} />
      </ScrollView>
      <View style={[styles.sideBottom, { borderColor: colors.line }]}>
        <Avatar name={me.displayName} seed={me.id} size={40} />
        <View style={styles.fill}>
          <Type kind="strong" lines={1}>
            {me.displayName}
          </Type>
          <Type kind="small" muted lines={1}>
            {`@${me.username}`}
          </Type>
        </View>
        <HistoryButton />
        <IconButton icon="settings" label="Settings" onPress={() => go({ to: "settings" })} testID="settings-open" />
      </View>
    </View>
  );
}

/** Says so when the server is out of reach for longer than a moment. */
function ConnectionBanner(): ReactElement | null {
  const state = useStore(connection);
  const insets = useInsets();
  const [late, setLate] = useState(false);
  const online = state === "online";
  useEffect(() => {
    const timer = setTimeout(() => setLate(!online), online ? 0 : BANNER_AFTER_MS);
    return () => clearTimeout(timer);
  }, [online]);
  if (!late || online) return null;
  return (
    <View style={{ padding: 12, paddingTop: 12 + insets.top }}>
      <Banner
        tone="warning"
        icon="offline"
        title="Connecting to the server…"
        detail="Calls cannot ring here until the connection is back."
        testID="reconnect-banner"
      />
    </View>
  );
}

const styles = StyleSheet.create({
  home: { flex: 1 },
  panes: { flex: 1, flexDirection: "row" },
  fill: { flex: 1, minWidth: 0 },
  blank: { flex: 1, alignItems: "center", justifyContent: "center" },
  side: { width: 340, borderRightWidth: 1 },
  sideTop: {
    flexDirection: "row",
    alignItems: "center",
    justifyContent: "space-between",
    paddingHorizontal: 20,
    paddingTop: 24,
    paddingBottom: 8,
  },
  sideList: { padding: 14, gap: 12 },
  sideBottom: { flexDirection: "row", alignItems: "center", gap: 10, borderTopWidth: 1, padding: 14 },
});
