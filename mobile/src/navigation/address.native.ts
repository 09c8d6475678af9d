import { BackHandler, Linking } from "react-native";
import { pathOfLink } from "./route";

const past: string[] = [];
let here = "/";
let opened: (path: string) => void = () => undefined;

/** Links that open the app, and Android's back button. */
export function openAt(open: (path: string) => void): () => void {
  opened = open;
  void Linking.getInitialURL().then((link) => {
    if (link !== null) follow(link);
  });
  const links = Linking.addEventListener("url", ({ url }) => follow(url));
  const back = BackHandler.addEventListener("hardwareBackPress", () => {
    const before = past.pop();
    if (before === undefined) return false;
    here = before;
    opened(before);
    return true;
  });
  return () => {
    links.remove();
    back.remove();
  };
}

export function pushPath(path: string): void {
  past.push(here);
  here = path;
}

export function replacePath(path: string): void {
  here = path;
}

/** Phones are opened by invite links alone. */
export function takeLinkToken(): string | null {
  return null;
}

function follow(link: string): void {
  const path = pathOfLink(link);
  pushPath(path);
  opened(path);
}
