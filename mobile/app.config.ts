import type { ExpoConfig } from "expo/config";
import { AndroidConfig, withMainApplication } from "expo/config-plugins";

const CAMERA = "Kith uses the camera so that the person you call can see you.";
const MICROPHONE = "Kith uses the microphone so that the person you call can hear you.";

/** A server on a LAN may have no certificate: only an app built for such a one may talk to it in the clear. */
const inTheClear = (process.env.EXPO_PUBLIC_API_BASE_URL ?? "").startsWith("http:");

const config: ExpoConfig = {
  name: "Kith",
  slug: "kith",
  version: "0.1.0",
  scheme: "kith",
  orientation: "default",
  userInterfaceStyle: "automatic",
  icon: "./assets/icon.png",
  backgroundColor: "#0E1218",
  platforms: ["ios", "android", "web"],
  ios: {
    bundleIdentifier: process.env.KITH_IOS_BUNDLE_ID ?? "app.kith.mobile",
    supportsTablet: true,
    infoPlist: {
      UIBackgroundModes: ["audio", "voip"],
      NSAppTransportSecurity: inTheClear ? { NSAllowsArbitraryLoads: true } : { NSAllowsLocalNetworking: true },
      NSLocalNetworkUsageDescription: "Kith connects to the Kith server of your circle on your network.",
      ITSAppUsesNonExemptEncryption: false,
    },
  },
  android: {
    package: process.env.KITH_ANDROID_PACKAGE ?? "app.kith.mobile",
    adaptiveIcon: { foregroundImage: "./assets/adaptive-icon.png", backgroundColor: "#1F5EFF" },
    permissions: [
      "android.permission.INTERNET",
      "android.permission.ACCESS_NETWORK_STATE",
      "android.permission.CAMERA",
      "android.permission.RECORD_AUDIO",
      "android.permission.MODIFY_AUDIO_SETTINGS",
      "android.permission.BLUETOOTH_CONNECT",
      "android.permission.VIBRATE",
      "android.permission.WAKE_LOCK",
    ],
  },
  web: { bundler: "metro", output: "single", favicon: "./assets/favicon.png" },
  plugins: [
    ["@config-plugins/react-native-webrtc", { cameraPermission: CAMERA, microphonePermission: MICROPHONE }],
    "expo-secure-store",
    ["expo-build-properties", { android: { usesCleartextTraffic: inTheClear } }],
  ],
};

const CAPTURE_SERVICE = "com.oney.WebRTCModule.WebRTCModuleOptions.getInstance().enableMediaProjectionService = true";

/**
 * Android lets an app see the screen only while a foreground service of the kind `mediaProjection` runs: react-native-webrtc
 * brings one, and starts it if it was told so when the app began.
 */
function withScreenCapture(app: ExpoConfig): ExpoConfig {
  const permitted = AndroidConfig.Permissions.withPermissions(app, [
    "android.permission.FOREGROUND_SERVICE",
    "android.permission.FOREGROUND_SERVICE_MEDIA_PROJECTION",
  ]);
  return withMainApplication(permitted, (application) => {
    const { contents } = application.modResults;
    if (contents.includes(CAPTURE_SERVICE)) return application;
    const created = /^([ \t]*)super\.onCreate\(\).*$/m;
    if (!created.test(contents)) throw new Error("MainApplication has no onCreate to tell of screen capture in");
    const told = contents.replace(created, (line, indent: string) => `${line}\n${indent}${CAPTURE_SERVICE}`);
    return { ...application, modResults: { ...application.modResults, contents: told } };
  });
}

export default withScreenCapture(config);
