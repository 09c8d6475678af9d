import type { ReactElement, ReactNode } from "react";
import { View } from "react-native";

/** What is filled in together. */
export function Form({ gap, children }: { gap: number; children: ReactNode }): ReactElement {
  return <View style={{ gap }}>{children}</View>;
}
