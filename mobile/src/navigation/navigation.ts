import { createStore } from "../ui/store";
import { openAt, pushPath, replacePath } from "./address";
import { pathOf, routeOf, type Route } from "./route";

/** Where the app is. */
export const place = createStore<Route>({ to: "circles" });

export function startNavigation(): () => void {
  return openAt((path) => place.set(routeOf(path)));
}

export function go(route: Route): void {
  if (pathOf(route) === pathOf(place.get())) return;
  pushPath(pathOf(route));
  place.set(route);
}

/** Goes there without a way back to here. */
export function goInstead(route: Route): void {
  replacePath(pathOf(route));
  place.set(route);
}
