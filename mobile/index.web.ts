import { AppRegistry } from "react-native";
import { App } from "./src/App";

/** How Metro's `import()` gets a script that is loaded only once it is wanted: Expo's own way is a part of Expo's start. */
(globalThis as { __loadBundleAsync?: (path: string) => Promise<void> }).__loadBundleAsync = (path) =>
  new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = path;
    script.onload = () => loaded();
    script.onerror = () => failed(new Error(`${path} cannot be loaded`));
    document.head.append(script);
  });

// Without Expo's own start, whose development client a page of the server's has no use for.
AppRegistry.registerComponent("Kith", () => App);
AppRegistry.runApplication("Kith", { rootTag: document.getElementById("root") });
