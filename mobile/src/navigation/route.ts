/** The places of the app; in the browser each has a path. */
export type Route =
  | { readonly to: "circles" }
  | { readonly to: "circle"; readonly id: string }
  | { readonly to: "invite"; readonly code: string }
  | { readonly to: "history" }
  | { readonly to: "settings" };

/** The place a path or a link (`kith://i/CODE`, `https://host/i/CODE`) leads to; an unknown one leads to the circles. */
export function routeOf(path: string): Route {
  const [first, second] =
    path
      .split(/[?#]/)[0]
      ?.split("/")
      .filter((part) => part !== "") ?? [];
  const name = second === undefined ? null : decode(second);
  if (first === "i" && name !== null) return { to: "invite", code: name };
  if (first === "c" && name !== null) return { to: "circle", id: name };
  if (first === "history") return { to: "history" };
  if (first === "settings") return { to: "settings" };
  return { to: "circles" };
}

export function pathOf(route: Route): string {
  switch (route.to) {
    case "circles":
      return "/";
    case "circle":
      return `/c/${encodeURIComponent(route.id)}`;
    case "invite":
      return `/i/${encodeURIComponent(route.code)}`;
    case "history":
      return "/history";
    case "settings":
      return "/settings";
  }
}

/** The path within a link: without `https://host`, or the scheme of the app. */
export function pathOfLink(link: string): string {
  return link.replace(/^kith:\/*/i, "/").replace(/^https?:\/\/[^/]*/i, "");
}

/** The code in what somebody pasted: the whole link, or the code alone. */
export function codeOf(pasted: string): string | null {
  const text = pasted.trim();
  const route = routeOf(pathOfLink(text));
  if (route.to === "invite") return route.code;
  return /^[A-Za-z0-9_-]{4,64}$/.test(text) ? text : null;
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
