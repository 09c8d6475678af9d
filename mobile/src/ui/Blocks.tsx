import { Children, Fragment, type ReactElement, type ReactNode } from "react";
import { ActivityIndicator, Pressable, StyleSheet, View } from "react-native";
import { Button } from "./Button";
import { Icon } from "./Icon";
import type { IconName } from "./iconPaths";
import { useTheme } from "./theme";
import { Type } from "./Type";

/** A list on a card, a line between every two entries. */
export function List({ label, children }: { label: string; children: ReactNode }): ReactElement {
  const { colors } = useTheme();
  const entries = Children.toArray(children);
  return (
    <View
      role="list"
      aria-label={label}
      style={[styles.card, { backgroundColor: colors.surface, borderColor: colors.line }]}
    >
      {entries.map((entry, index) => (
        <Fragment key={index}>
          {index > 0 && <View style={[styles.line, { backgroundColor: colors.line }]} />}
          <View role="listitem">{entry}</View>
        </Fragment>
      ))}
    </View>
  );
}

interface RowTextProps {
  readonly title: string;
  readonly titleLines?: number;
  readonly badge?: string | undefined;
  readonly detail?: string | undefined;
  readonly detailColor?: string | undefined;
  readonly detailStrong?: boolean;
  /** A second line of detail. */
  readonly note?: string | undefined;
}

interface RowProps extends RowTextProps {
  readonly start: ReactNode;
  readonly end?: ReactNode;
  readonly onPress?: () => void;
  readonly label?: string;
  readonly selected?: boolean;
  /** Only the left opens: at the right is a button of its own. */
  readonly split?: boolean;
  readonly testID: string;
}

/** One line of a list: something to see, a name, a detail, and what can be done at the right. */
export function Row(props: RowProps): ReactElement {
  const { start, end, onPress, label = props.title, selected = false, split = false, testID } = props;
  const { colors } = useTheme();
  const left = (
    <>
      {start}
      <RowText {...props} />
    </>
  );
  if (onPress === undefined) {
    return (
      <View testID={testID} style={styles.row}>
        {left}
        {end}
      </View>
    );
  }
  // A button within a button is none to a screen reader: what is at the right stays beside it.
  if (split) {
    return (
      <View testID={testID} style={[styles.row, styles.splitRow]}>
        <Pressable
          role="button"
          aria-label={label}
          testID={`${testID}-open`}
          onPress={onPress}
          style={({ pressed }) => [styles.rowStart, pressed && { backgroundColor: colors.soft }]}
        >
          {left}
        </Pressable>
        {end}
      </View>
    );
  }
  return (
    <Pressable
      testID={testID}
      role="button"
      aria-label={label}
      {...(selected && ({ "aria-current": "page" } as object))}
      onPress={onPress}
      style={({ pressed }) => [styles.row, (pressed || selected) && { backgroundColor: colors.soft }]}
    >
      {left}
      {end}
    </Pressable>
  );
}

function RowText(props: RowTextProps): ReactElement {
  const { title, titleLines = 1, badge, detail, detailColor, detailStrong = false, note } = props;
  const { colors } = useTheme();
  return (
    <View style={styles.rowText}>
      <View style={styles.rowTitle}>
        <Type kind="strong" lines={titleLines} style={styles.shrink}>
          {title}
        </Type>
        {badge !== undefined && (
          <View style={[styles.badge, { backgroundColor: colors.soft }]}>
            <Type kind="label" color={colors.onSoft} style={styles.badgeText}>
              {badge}
            </Type>
          </View>
        )}
      </View>
      {detail !== undefined && (
        <Type kind="small" muted color={detailColor} lines={1} style={detailStrong && styles.detailStrong}>
          {detail}
        </Type>
      )}
      {note !== undefined && (
        <Type kind="small" muted lines={1}>
          {note}
        </Type>
      )}
    </View>
  );
}

interface BannerProps {
  readonly tone: "warning" | "danger";
  readonly icon: IconName;
  readonly title: string;
  readonly detail?: string;
  readonly action?: { readonly title: string; readonly onPress: () => void; readonly testID: string };
  readonly testID: string;
}

/** Something to know, in the way of nothing. */
export function Banner({ tone, icon, title, detail, action, testID }: BannerProps): ReactElement {
  const { colors } = useTheme();
  const ink = tone === "warning" ? colors.onWarning : colors.dangerText;
  return (
    <View
      role="alert"
      testID={testID}
      style={[styles.banner, { backgroundColor: tone === "warning" ? colors.warningSoft : colors.dangerSoft }]}
    >
      <Icon name={icon} size={20} color={ink} />
      <View style={styles.bannerText}>
        <Type kind="label" color={ink}>
          {title}
        </Type>
        {detail !== undefined && (
          <Type kind="small" color={ink}>
            {detail}
          </Type>
        )}
      </View>
      {action !== undefined && (
        <Pressable role="button" testID={action.testID} onPress={action.onPress} style={styles.bannerAction}>
          <Type kind="label" color={ink} style={styles.underlined}>
            {action.title}
          </Type>
        </Pressable>
      )}
    </View>
  );
}

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly action?: {
    readonly title: string;
    readonly onPress: () => void;
    readonly testID: string;
    readonly icon?: IconName;
  };
  readonly testID: string;
}

/** Where nothing is yet: why, and what to do about it. */
export function Empty({ icon, title, detail, action, testID }: EmptyProps): ReactElement {
  const { colors } = useTheme();
  return (
    <View testID={testID} style={styles.empty}>
      <View style={[styles.emptyIcon, { backgroundColor: colors.soft }]}>
        <Icon name={icon} size={32} color={colors.onSoft} />
      </View>
      <Type kind="heading" center>
        {title}
      </Type>
      <Type muted center style={styles.emptyText}>
        {detail}
      </Type>
      {action !== undefined && <Button {...action} style={styles.emptyAction} />}
    </View>
  );
}

export function Loading({ label }: { label: string }): ReactElement {
  const { colors } = useTheme();
  return (
    <View role="status" aria-label={label} style={styles.loading}>
      <ActivityIndicator size="large" color={colors.primary} />
    </View>
  );
}

const styles = StyleSheet.create({
  card: { borderRadius: 16, borderWidth: 1, overflow: "hidden" },
  line: { height: 1, marginLeft: 72 },
  row: {
    flexDirection: "row",
    alignItems: "center",
    gap: 14,
    paddingHorizontal: 14,
    paddingVertical: 12,
    minHeight: 68,
  },
  splitRow: { paddingLeft: 0, paddingVertical: 0, gap: 4 },
  rowStart: {
    flex: 1,
    minWidth: 0,
    flexDirection: "row",
    alignItems: "center",
    gap: 14,
    paddingLeft: 14,
    paddingVertical: 12,
  },
  detailStrong: { fontWeight: "700" },
  rowText: { flex: 1, minWidth: 0, gap: 1 },
  rowTitle: { flexDirection: "row", alignItems: "center", gap: 8, minWidth: 0 },
  shrink: { flexShrink: 1 },
  badge: { borderRadius: 8, paddingHorizontal: 8, paddingVertical: 1 },
  badgeText: { fontSize: 12, lineHeight: 17 },
  banner: {
    flexDirection: "row",
    gap: 12,
    alignItems: "center",
    borderRadius: 12,
    paddingHorizontal: 14,
    paddingVertical: 12,
  },
  bannerText: { flex: 1, minWidth: 0, gap: 2 },
  bannerAction: { minHeight: 32, justifyContent: "center" },
  underlined: { textDecorationLine: "underline" },
  empty: { alignItems: "center", gap: 8, paddingVertical: 56, paddingHorizontal: 16 },
  emptyIcon: {
    width: 72,
    height: 72,
    borderRadius: 36,
    alignItems: "center",
    justifyContent: "center",
    marginBottom: 8,
  },
  emptyText: { maxWidth: 380 },
  emptyAction: { marginTop: 12 },
  loading: { flex: 1, alignItems: "center", justifyContent: "center", padding: 48 },
});
