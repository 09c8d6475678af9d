import { expect, it } from "vitest";
import { sessionOf, usernameFragmentOf, usernameFragmentsOf } from "./sdp";

it("reads which connection a description belongs to", () => {
  expect(sessionOf("v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\n")).toBe("4611731400430051336");
  expect(sessionOf("no description")).toBeNull();
});

it("reads which generation a candidate belongs to", () => {
  expect(usernameFragmentOf("candidate:1 1 udp 1 192.0.2.1 5 typ host generation 0 ufrag Ab+c network-id 1")).toBe(
    "Ab+c",
  );
  expect(usernameFragmentOf("candidate:1 1 udp 1 192.0.2.1 5 typ host")).toBeNull();
});

it("reads which generations a description is of", () => {
  expect(usernameFragmentsOf("a=ice-ufrag:Ab+c\r\na=ice-pwd:x\r\na=ice-ufrag:9/d\r\n")).toEqual(
    new Set(["Ab+c", "9/d"]),
  );
});
