/** Tries the ways a call could go, between two peer connections of this device itself. Nothing stays open. */
import { createPeerConnection, type PeerConfiguration, type PeerConnection } from "../peer/webrtc";
import type { Candidate, IceServer } from "../signaling/messages";
import { faultOf, type Finding } from "./verdicts";
import type { Relay } from "./ways";

/** A relay that is out of reach gives itself up, by its retransmissions, in about as long (RFC 8489, section 6.2.1). */
const PATIENCE_MS = 10_000;
/** https://www.w3.org/TR/webrtc/#dom-rtcpeerconnectioniceerrorevent-errorcode */
const NO_ANSWER = 701;
/** The shortest of so many: the others waited for something else, too. */
const ECHOES = 3;

/** Both ends go through the relay: what the one says, the other says again. */
export async function tryRelay({ server }: Relay, over: AbortSignal): Promise<Finding> {
  const opened: PeerConnection[] = [];
  let relayed = false;
  let code: number | null = null;
  const finding = (heard: Promise<number>): Promise<Finding> =>
    heard.then(
      (ms) => ({ is: "good", ms }),
      () => ({ is: "bad", fault: faultOf({ relayed, code }) }),
    );
  try {
    const near = open("relay", [server]);
    opened.push(near);
    const far = open("relay", [server]);
    opened.push(far);
    for (const end of opened) {
      on(end, "icecandidate", ({ candidate }) => (relayed ||= candidateOf(candidate) !== ""));
      on(end, "icecandidateerror", ({ errorCode }) => (code = worseOf(code, errorCode)));
    }
    return await finding(
      inTime(over, (done, failed) => {
        for (const end of opened) {
          on(end, "icegatheringstatechange", () => end.iceGatheringState === "complete" && !relayed && failed());
          on(end, "connectionstatechange", () => end.connectionState === "failed" && failed());
        }
        sayAndHear(near, far, done);
        introduce(near, far).catch(failed);
      }),
    );
  } catch {
    return { is: "bad", fault: "unusable" };
  } finally {
    for (const end of opened) end.close();
  }
}

/** What the relay itself says tells more than that another address of it does not answer. */
function worseOf(before: number | null, errorCode: unknown): number | null {
  if (typeof errorCode !== "number") return before;
  return before !== null && before < NO_ANSWER ? before : errorCode;
}

/** Asks what this device's address looks like from outside (RFC 8445, section 5.1.1.1: a server-reflexive candidate). */
export async function tryDirect(servers: readonly IceServer[], over: AbortSignal): Promise<Finding> {
  let asking: PeerConnection | null = null;
  try {
    const end = open("all", servers);
    asking = end;
    const began = Date.now();
    const ms = await inTime(over, (done, failed) => {
      on(end, "icecandidate", ({ candidate }) => {
        if (/ typ srflx/.test(candidateOf(candidate))) done(Date.now() - began);
      });
      on(end, "icegatheringstatechange", () => end.iceGatheringState === "complete" && failed());
      end.createDataChannel("kith");
      end.setLocalDescription().catch(failed);
    });
    return { is: "good", ms };
  } catch {
    return { is: "bad", fault: "no-answer" };
  } finally {
    asking?.close();
  }
}

function open(
  iceTransportPolicy: PeerConfiguration["iceTransportPolicy"],
  servers: readonly IceServer[],
): PeerConnection {
  const iceServers = servers.map((server) => ({ ...server, urls: [...server.urls] }));
  return createPeerConnection({ iceServers, iceTransportPolicy, bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" });
}

/** Says something as soon as it can, and tells how long it took to come back. */
function sayAndHear(near: PeerConnection, far: PeerConnection, heard: (ms: number) => void): void {
  on(far, "datachannel", ({ channel }) => {
    const echo = channel as Channel;
    on(echo, "message", ({ data }) => echo.send(String(data)));
  });
  const channel = near.createDataChannel("kith") as Channel;
  const times: number[] = [];
  let said = 0;
  const say = (): void => {
    said = Date.now();
    channel.send("kith");
  };
  on(channel, "open", say);
  on(channel, "message", () => {
    times.push(Date.now() - said);
    if (times.length < ECHOES) say();
    else heard(Math.min(...times));
  });
}

async function introduce(near: PeerConnection, far: PeerConnection): Promise<void> {
  let known = (): void => undefined;
  const both = new Promise<void>((resolve) => (known = resolve));
  for (const [end, other] of [
    [near, far],
    [far, near],
  ] as const) {
    on(end, "icecandidate", ({ candidate }) => {
      // One that cannot be used is missed in what follows.
      const add = (): unknown => other.addIceCandidate(candidate as Candidate).catch(() => undefined);
      if (candidateOf(candidate) !== "") void both.then(add);
    });
  }
  await near.setLocalDescription();
  await far.setRemoteDescription({ type: "offer", sdp: near.localDescription?.sdp ?? "" });
  await far.setLocalDescription();
  await near.setRemoteDescription({ type: "answer", sdp: far.localDescription?.sdp ?? "" });
  known();
}

/** What it is done with, unless it fails, takes too long or is no longer wanted. */
async function inTime(
  over: AbortSignal,
  start: (done: (ms: number) => void, failed: () => void) => void,
): Promise<number> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let failed = (): void => undefined;
  try {
    return await new Promise<number>((done, reject) => {
      failed = () => reject(new Error("no way"));
      if (over.aborted) failed();
      over.addEventListener("abort", failed);
      timer = setTimeout(failed, PATIENCE_MS);
      start(done, failed);
    });
  } finally {
    if (timer !== null) clearTimeout(timer);
    over.removeEventListener("abort", failed);
  }
}

interface Channel {
  send(data: string): void;
}

type Happening = Readonly<Record<string, unknown>>;

/** The classes of phones are event targets, too, but their published types leave that out. */
function on(target: object, type: string, heard: (event: Happening) => void): void {
  (target as { addEventListener(name: string, listener: (event: unknown) => void): void }).addEventListener(
    type,
    (event) => heard(event as Happening),
  );
}

/** Empty where there is none: at the end of all, and of a generation. */
function candidateOf(candidate: unknown): string {
  return (candidate as { readonly candidate?: string } | null | undefined)?.candidate ?? "";
}
