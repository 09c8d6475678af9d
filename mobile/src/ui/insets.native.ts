import { SafeAreaProvider, useSafeAreaInsets } from "react-native-safe-area-context";

export interface Insets {
  readonly top: number;
  readonly bottom: number;
}

export function useInsets(): Insets {
  const { top, bottom } = useSafeAreaInsets();
  return { top, bottom };
}

export { SafeAreaProvider as InsetsProvider };
