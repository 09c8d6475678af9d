/** WebRTC of the browser. `webrtc.native.ts` is the same for phones. */
export type PeerConnection = RTCPeerConnection;
export type Sender = RTCRtpSender;
export type Track = MediaStreamTrack;
export type Stream = MediaStream;
export type TrackConstraints = MediaTrackConstraints;
export type Statistics = Record<string, unknown>;

export interface PeerConfiguration {
  readonly iceServers: { urls: string[]; username?: string; credential?: string }[];
  readonly iceTransportPolicy: "all" | "relay";
  readonly bundlePolicy: "max-bundle";
  readonly rtcpMuxPolicy: "require";
}

export function createPeerConnection(configuration: PeerConfiguration): PeerConnection {
  return new RTCPeerConnection(configuration);
}

export function createStream(tracks: Track[]): Stream {
  return new MediaStream(tracks);
}

/** Stops it for good. */
export function releaseTrack(track: Track): void {
  track.stop();
}

/** Lets go of the stream, not of its tracks: a browser does so by itself. */
export function releaseStream(_stream: Stream): void {}

/** Whether it is heard: in a page that is for the element that plays it. */
export function letSound(_stream: Stream, _heard: boolean): void {}

export function getUserMedia(constraints: { audio?: TrackConstraints; video?: TrackConstraints }): Promise<Stream> {
  // Pages without TLS (but for localhost) have no mediaDevices at all.
  if (navigator.mediaDevices === undefined) {
    return Promise.reject(new DOMException("This page is not a secure context", "SecurityError"));
  }
  return navigator.mediaDevices.getUserMedia(constraints);
}

/** The cameras there are, by device id. Before permission the ids may be empty, but each camera counts. */
export async function listCameras(): Promise<string[]> {
  if (navigator.mediaDevices === undefined) return [];
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "videoinput").map((device) => device.deviceId);
}

const asked = new WeakMap<Permissions, Map<string, Promise<PermissionStatus>>>();

/** Whether camera or microphone may be opened without asking. The browser is asked once; it keeps what it answers up to date. */
export async function permissionOf(name: "camera" | "microphone"): Promise<"granted" | "denied" | "prompt"> {
  try {
    const { permissions } = navigator;
    const known = asked.get(permissions) ?? new Map<string, Promise<PermissionStatus>>();
    asked.set(permissions, known);
    const status = known.get(name) ?? permissions.query({ name: name as PermissionName });
    known.set(name, status);
    return (await status).state;
  } catch {
    return "prompt";
  }
}

/** The constraints of the next camera after the one that `track` shows. */
export async function nextCamera(track: Track): Promise<TrackConstraints> {
  const cameras = await listCameras();
  const current = cameras.indexOf(track.getSettings().deviceId ?? "");
  const next = cameras[(current + 1) % cameras.length];
  return next === undefined || next === "" ? {} : { deviceId: { exact: next } };
}

/** The constraints of this device and no other: Chromium takes a wish (`ideal`) for none. */
export function onlyBy(deviceId: string): TrackConstraints {
  return { deviceId: { exact: deviceId } };
}

export function facesUser(track: Track): boolean {
  return track.getSettings().facingMode !== "environment";
}

export async function readStatistics(connection: PeerConnection): Promise<Statistics[]> {
  const report = await connection.getStats();
  const entries: Statistics[] = [];
  report.forEach((entry: Statistics) => entries.push(entry));
  return entries;
}

/** What cleans up speech: https://www.w3.org/TR/mediacapture-streams/#dom-mediatrackconstraintset-echocancellation */
export const AUDIO_CONSTRAINTS: TrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

export function onCandidate(connection: PeerConnection, heard: (candidate: RTCIceCandidate) => void): void {
  connection.addEventListener("icecandidate", ({ candidate }) => candidate !== null && heard(candidate));
}

export function onConnectionState(connection: PeerConnection, heard: () => void): void {
  connection.addEventListener("connectionstatechange", heard);
}

export function onTrack(connection: PeerConnection, heard: () => void): void {
  connection.addEventListener("track", heard);
}

export function onEnded(track: Track, heard: () => void): void {
  track.addEventListener("ended", heard);
}

/** Tells when nothing comes from the device any more, by no wish of this page, and when it does again. */
export function onSilenced(track: Track, heard: (silenced: boolean) => void): void {
  track.addEventListener("mute", () => heard(true));
  track.addEventListener("unmute", () => heard(false));
}

/** The first pictures are of half the width and height: one is made, sent and shown sooner. */
const SMALL = 2;

/**
 * From here on this sender sends nothing, whatever track it has (https://www.w3.org/TR/webrtc/#dom-rtcrtpencodingparameters-active):
 * encoder and source are set up already when it is let out. False where the browser cannot promise it.
 */
export async function holdBack(sender: Sender, video: boolean): Promise<boolean> {
  const parameters = sender.getParameters();
  if (parameters.encodings.length === 0) return false;
  for (const encoding of parameters.encodings) {
    encoding.active = false;
    if (video) encoding.scaleResolutionDownBy = SMALL;
  }
  await sender.setParameters(parameters);
  const { encodings } = sender.getParameters();
  return encodings.length > 0 && encodings.every(({ active }) => !active);
}

export async function letOut(sender: Sender): Promise<void> {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) encoding.active = true;
  await sender.setParameters(parameters);
}

/** Ends the smaller pictures a call begins with. */
export async function sendWholePicture(sender: Sender): Promise<void> {
  const parameters = sender.getParameters();
  if (parameters.encodings.every(({ scaleResolutionDownBy = 1 }) => scaleResolutionDownBy !== SMALL)) return;
  for (const encoding of parameters.encodings) encoding.scaleResolutionDownBy = 1;
  await sender.setParameters(parameters);
}
