import { lazy, Suspense, type ComponentType, type ReactElement } from "react";
import { Loading } from "../ui/Blocks";
import { Page } from "../ui/Page";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import { go } from "./navigation";

/** A page that is loaded once somebody opens it. */
export function later<Props extends object>(
  title: string,
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => ReactElement {
  const notLoaded: ComponentType<Props> = () => <NotLoaded title={title} />;
  const Loaded = lazy(() =>
    load().then(
      (page) => ({ default: page }),
      () => ({ default: notLoaded }),
    ),
  );
  return function Later(props) {
    return (
      <Suspense fallback={<Loading label={`Loading: ${title}`} />}>
        <Loaded {...props} />
      </Suspense>
    );
  };
}

/** The server cannot be reached, or has another version by now, and this one's scripts no more. */
function NotLoaded({ title }: { title: string }): ReactElement {
  const { wide } = useTheme();
  return (
    <Page title={title} onBack={wide ? undefined : () => go({ to: "circles" })} testID="not-loaded">
      <Type>This could not be loaded. Load the page anew once the server can be reached.</Type>
    </Page>
  );
}
