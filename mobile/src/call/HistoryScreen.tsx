import { useEffect, useState, type ReactElement } from "react";
import { AppState, StyleSheet, View } from "react-native";
import { PastCallDetails } from "../details/PastCallDetails";
import { go } from "../navigation/navigation";
import { Avatar } from "../ui/Avatar";
import { Banner, Empty, List, Loading, Row } from "../ui/Blocks";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Page } from "../ui/Page";
import { useStore } from "../ui/store";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import { calls } from "./calls";
import { historyLine } from "./endings";
import { history, loadHistory, markSeen, whenOf, type PastCall } from "./history";

/** The calls of the past, newest first, each with a way to call back. */
export function HistoryScreen(): ReactElement {
  const { calls: past, error, nextBefore } = useStore(history);
  const { wide } = useTheme();
  const [loading, setLoading] = useState(false);
  const [now] = useState(() => Date.now());
  const news = useNews(past);
  const [opened, setOpened] = useState<PastCall | null>(null);
  useEffect(() => {
    void loadHistory();
  }, []);
  const more = (): void => {
    setLoading(true);
    void loadHistory(true).finally(() => setLoading(false));
  };
  return (
    <Page title="Calls" onBack={wide ? undefined : () => go({ to: "circles" })} testID="history-screen">
      {past === null && error === null && <Loading label="Loading your calls" />}
      {past === null && error !== null && (
        <Empty
          icon="offline"
          title="Your calls could not be loaded"
          detail={error}
          action={{ title: "Try again", onPress: () => void loadHistory(), testID: "history-retry" }}
          testID="history-error"
        />
      )}
      {past !== null && error !== null && <Banner tone="warning" icon="alert" title={error} testID="history-error" />}
      {past?.length === 0 && (
        <Empty
          icon="history"
          title="No calls yet"
          detail="Calls you make and take are listed here, the missed ones too."
          action={{ title: "To my circles", onPress: () => go({ to: "circles" }), testID: "history-to-circles" }}
          testID="history-empty"
        />
      )}
      {past !== null && past.length > 0 && (
        <List label="Calls">
          {past.map((call) => (
            <PastCallRow
              key={call.callId}
              call={call}
              now={now}
              news={news.has(call.callId)}
              onOpen={() => setOpened(call)}
            />
          ))}
        </List>
      )}
      {nextBefore !== null && (
        <Button title="Show earlier calls" look="quiet" busy={loading} onPress={more} testID="history-more" />
      )}
      {opened !== null && opened.course !== null && (
        <PastCallDetails name={opened.peer.displayName} course={opened.course} onClose={() => setOpened(null)} />
      )}
    </Page>
  );
}

/** The missed calls that were new when this screen first showed them. Once they are looked at, no device counts them any more. */
function useNews(past: readonly PastCall[] | null): ReadonlySet<string> {
  const [news, setNews] = useState<ReadonlySet<string>>(new Set());
  const unseen = (past ?? []).filter((call) => !call.seen && !news.has(call.callId));
  if (unseen.length > 0) setNews(new Set([...news, ...unseen.map((call) => call.callId)]));
  useEffect(() => {
    const look = (): void => {
      // A page in the background is not looked at.
      if (AppState.currentState === "active") void markSeen();
    };
    look();
    const watch = AppState.addEventListener("change", look);
    return () => watch.remove();
  }, [past]);
  return news;
}

const QUALITY = { good: "good connection", fair: "fair connection", poor: "poor connection" } as const;

interface PastCallRowProps {
  readonly call: PastCall;
  readonly now: number;
  readonly news: boolean;
  readonly onOpen: () => void;
}

function PastCallRow({ call, now, news, onOpen }: PastCallRowProps): ReactElement {
  const { colors, wide } = useTheme();
  const line = historyLine(call);
  const { userId, displayName } = call.peer;
  const when = call.startedAt === null ? undefined : whenOf(call.startedAt, now);
  return (
    <Row
      testID={`history-${call.callId}`}
      start={<Avatar name={displayName} seed={userId} />}
      title={displayName}
      detail={call.quality === null ? line : `${line} · ${QUALITY[call.quality]}`}
      detailStrong={news}
      badge={news ? "New" : undefined}
      detailColor={call.missed ? colors.dangerText : undefined}
      note={wide ? undefined : when}
      {...(call.course !== null && { onPress: onOpen, split: true, label: `Details of the call with ${displayName}` })}
      end={
        <View style={styles.end}>
          {wide && when !== undefined && (
            <Type kind="small" muted>
              {when}
            </Type>
          )}
          {wide && <Icon name={call.direction} size={18} color={call.missed ? colors.dangerText : colors.muted} />}
          <IconButton
            icon={call.media === "audio" ? "phone" : "camera"}
            label={`Call ${displayName}`}
            color={colors.link}
            onPress={() => void calls.call({ userId, name: displayName }, call.circleId, call.media)}
            testID={`history-call-${call.callId}`}
          />
        </View>
      }
    />
  );
}

const styles = StyleSheet.create({ end: { flexDirection: "row", alignItems: "center", gap: 10 } });
