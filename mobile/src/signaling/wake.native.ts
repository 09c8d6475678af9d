import { AppState } from "react-native";

/** Tells when trying again may be worth it: the app is in front again. */
export function onWake(wake: () => void): () => void {
  const subscription = AppState.addEventListener("change", (state) => {
    if (state === "active") wake();
  });
  return () => subscription.remove();
}

/** An app that is killed says nothing: it is started anew within the server's grace and comes back into its call, or that ends it. */
export function onLeave(_leave: () => void, _stayed: () => void): () => void {
  return () => undefined;
}
