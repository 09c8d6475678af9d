import Constants from "expo-constants";
import { Platform } from "react-native";
import type { Keep } from "../settings/storage";

export const KEEP_DEVICE: Keep = "device";

export function describeDevice(): { name: string; platform: string } {
  return { name: Constants.deviceName ?? (Platform.OS === "ios" ? "iPhone" : "Phone"), platform: Platform.OS };
}
