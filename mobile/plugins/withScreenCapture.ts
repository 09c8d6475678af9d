import { AndroidConfig, withMainApplication, type ConfigPlugin } from "expo/config-plugins";

const OPTION = "com.oney.WebRTCModule.WebRTCModuleOptions.getInstance().enableMediaProjectionService = true";

/**
 * Android lets an app see the screen only while a foreground service of the kind `mediaProjection` runs: react-native-webrtc
 * brings one, and starts it where it is told to before the first call.
 */
export const withScreenCapture: ConfigPlugin = (config) =>
  withMainApplication(
    AndroidConfig.Permissions.withPermissions(config, [
      "android.permission.FOREGROUND_SERVICE",
      "android.permission.FOREGROUND_SERVICE_MEDIA_PROJECTION",
    ]),
    (application) => {
      const { contents } = application.modResults;
      if (contents.includes(OPTION)) return application;
      const created = /^(\s*)super\.onCreate\(\).*$/m;
      if (!created.test(contents)) throw new Error("MainApplication has no onCreate to add screen capture to");
      application.modResults.contents = contents.replace(
        created,
        (line, indent: string) => `${line}${indent}${OPTION}`,
      );
      return application;
    },
  );
