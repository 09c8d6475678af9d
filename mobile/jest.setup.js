const { configure } = require("@testing-library/react-native");

// A busy machine takes longer than the library's one second to draw what an answer of the server's changes.
configure({ asyncUtilTimeout: 30_000 });

// react-native-webrtc tells the console of whatever it does.
const { log } = console;
console.log = (...said) => String(said[0]).includes("rn-webrtc:") || log(...said);
