import { afterEach, expect, it, vi } from "vitest";
import { followMediaSession } from "./mediaSession";

afterEach(() => vi.unstubAllGlobals());

/** A browser's media session, which knows some actions. */
class Session {
  readonly handlers = new Map<string, () => void>();
  metadata: object | null = null;
  readonly active: boolean[] = [];
  constructor(private readonly knows: readonly string[]) {}
  setActionHandler(action: string, handler: (() => void) | null): void {
    if (!this.knows.includes(action)) throw new TypeError("unknown action");
    if (handler === null) this.handlers.delete(action);
    else this.handlers.set(action, handler);
  }
  setMicrophoneActive(on: boolean): void {
    this.active.push(on);
  }
}

it("the browser's own controls act on the call, those it has, until it is over", () => {
  const session = new Session(["hangup", "togglemicrophone"]);
  vi.stubGlobal("navigator", { mediaSession: session });
  const done: string[] = [];
  const end = followMediaSession({
    name: "Bob",
    audio: true,
    video: false,
    toggleMicrophone: () => done.push("mute"),
    toggleCamera: () => done.push("camera"),
    hangUp: () => done.push("hang up"),
  });
  expect(session.active).toEqual([true]);
  session.handlers.get("togglemicrophone")?.();
  session.handlers.get("hangup")?.();
  expect(done).toEqual(["mute", "hang up"]);
  end();
  expect(session.handlers.size).toBe(0);
});

it("a browser without them goes without", () => {
  vi.stubGlobal("navigator", {});
  const nothing = (): void => undefined;
  expect(
    followMediaSession({
      name: "Bob",
      audio: true,
      video: true,
      toggleMicrophone: nothing,
      toggleCamera: nothing,
      hangUp: nothing,
    }),
  ).not.toThrow();
});
