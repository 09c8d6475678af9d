import { BackHandler } from "react-native";

/** Screen readers stay inside by `aria-modal`; Android's back button closes. */
export function holdFocus(_container: unknown, onEscape: () => void): () => void {
  const subscription = BackHandler.addEventListener("hardwareBackPress", () => {
    onEscape();
    return true;
  });
  return () => subscription.remove();
}

/** Phones have no keyboard that moves about. */
export function focused(): unknown {
  return null;
}

export function takeFocus(_container: unknown): void {}
