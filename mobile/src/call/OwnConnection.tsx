import { useEffect, useState, type ReactElement } from "react";
import { StateChip } from "./StateChip";

/** A connection that is back sooner was hardly gone: nobody need look up for it. */
const MOMENT_MS = 2_000;

/** Tells that this device has lost the server. Media does not go through it: the two go on talking, and should know so. */
export function OwnConnection({ online }: { readonly online: boolean }): ReactElement | null {
  const [gone, setGone] = useState(false);
  useEffect(() => {
    if (online) return undefined;
    const timer = setTimeout(() => setGone(true), MOMENT_MS);
    return () => {
      clearTimeout(timer);
      setGone(false);
    };
  }, [online]);
  return gone ? (
    <StateChip icon="offline" text="Reconnecting… You can go on talking" testID="own-reconnecting" />
  ) : null;
}
