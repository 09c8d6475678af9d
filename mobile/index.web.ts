import { AppRegistry } from "react-native";
import { App } from "./src/App";

// Without Expo's own start, whose development client a page of the server's has no use for.
AppRegistry.registerComponent("Kith", () => App);
AppRegistry.runApplication("Kith", { rootTag: document.getElementById("root") });
