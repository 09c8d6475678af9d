const { getDefaultConfig } = require("expo/metro-config");

const config = getDefaultConfig(__dirname);

// A second lock on the web bundle: even a stray import finds no native WebRTC module there.
const defaultResolve = config.resolver.resolveRequest;
config.resolver.resolveRequest = (context, name, platform) => {
  if (platform === "web" && (name === "react-native-webrtc" || name.startsWith("react-native-webrtc/"))) {
    throw new Error(
      `${context.originModulePath} imports ${name}, which does not exist on the web: use a .native.ts file`,
    );
  }
  return (defaultResolve ?? context.resolveRequest)(context, name, platform);
};

module.exports = config;
