const { configure } = require("@testing-library/react-native");

// A busy machine takes longer than the library's one second to draw what an answer of the server's changes.
configure({ asyncUtilTimeout: 30_000 });
