/** WebRTC of phones, by react-native-webrtc. `webrtc.web.ts` is the same for browsers. */
import {
  MediaStream,
  mediaDevices,
  permissions,
  RTCPeerConnection,
  type MediaStreamTrack,
  type RTCIceCandidate,
} from "react-native-webrtc";
import { Platform } from "react-native";

export type PeerConnection = RTCPeerConnection;
export type Sender = ReturnType<RTCPeerConnection["getTransceivers"]>[number]["sender"];
export type Track = MediaStreamTrack;
export type Stream = MediaStream;
export type TrackConstraints = NonNullable<Parameters<MediaStreamTrack["applyConstraints"]>[0]>;
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

/**
 * Stops it for good. A track that is merely stopped keeps its camera's thread, and a shared screen the system's notice. The streams
 * that have it are released before: on Android one that is released later would end the app.
 */
export function releaseTrack(track: Track): void {
  track.stop();
  track.release();
}

/** Lets go of the stream, not of its tracks. */
export function releaseStream(stream: Stream): void {
  stream.release(false);
}

/** Whether it is heard: a phone plays whatever sound comes in, shown or not. */
export function letSound(stream: Stream, heard: boolean): void {
  for (const track of stream.getAudioTracks()) track.enabled = heard;
}

/** What a person refused, beside something they did not refuse, is left out of the stream. */
export async function getUserMedia(constraints: {
  audio?: TrackConstraints;
  video?: TrackConstraints;
}): Promise<Stream> {
  try {
    return await mediaDevices.getUserMedia(constraints);
  } catch (error) {
    throw inWordsOfTheWeb(error);
  }
}

/** The library's names of what goes wrong are its own; here they are the specification's. */
function inWordsOfTheWeb(error: unknown): unknown {
  const { name, message } = Object(error) as { name?: unknown; message?: unknown };
  if (name === "SecurityError") return { name: "NotAllowedError", message };
  // Its word for a device without a camera.
  if (name === "DOMException" && message === "AbortError") return { name: "NotFoundError", message };
  return error;
}

/** The cameras there are, by device id. */
export async function listCameras(): Promise<string[]> {
  const devices = await mediaDevices.enumerateDevices();
  if (!Array.isArray(devices)) return [];
  return devices.flatMap((device: { kind?: unknown; deviceId?: unknown }) =>
    device.kind === "videoinput" ? [String(device.deviceId)] : [],
  );
}

/** Whether camera or microphone may be opened without asking. */
export async function permissionOf(name: "camera" | "microphone"): Promise<"granted" | "denied" | "prompt"> {
  // iOS knows the answer only by asking.
  if (Platform.OS !== "android") return "prompt";
  const state: unknown = await permissions.query({ name });
  return state === "granted" || state === "denied" ? state : "prompt";
}

/** The constraints of the next camera after the one that `track` shows: phones turn from front to back and again. */
export async function nextCamera(track: Track): Promise<TrackConstraints> {
  return { facingMode: facesUser(track) ? "environment" : "user" };
}

/** The constraints of this device and no other: on phones none is chosen. */
export function onlyBy(_deviceId: string): TrackConstraints {
  return {};
}

export function facesUser(track: Track): boolean {
  return track.getSettings().facingMode !== "environment";
}

export async function readStatistics(connection: PeerConnection): Promise<Statistics[]> {
  const report: unknown = await connection.getStats();
  return report instanceof Map ? [...(report as Map<string, Statistics>).values()] : [];
}

/** What cleans up speech: the platform's own processing, on by these names where the library's types lack them. */
export const AUDIO_CONSTRAINTS = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
} as TrackConstraints;

export function onCandidate(connection: PeerConnection, heard: (candidate: RTCIceCandidate) => void): void {
  listen(connection, "icecandidate", (event) => {
    const { candidate } = event as { candidate: RTCIceCandidate | null };
    if (candidate !== null) heard(candidate);
  });
}

export function onConnectionState(connection: PeerConnection, heard: () => void): void {
  listen(connection, "connectionstatechange", heard);
}

export function onTrack(connection: PeerConnection, heard: () => void): void {
  listen(connection, "track", heard);
}

export function onEnded(track: Track, heard: () => void): void {
  listen(track, "ended", heard);
}

export function onSilenced(track: Track, heard: (silenced: boolean) => void): void {
  listen(track, "mute", () => heard(true));
  listen(track, "unmute", () => heard(false));
}

/** Not promised by the library: a sender stays empty until it may send. */
export async function holdBack(_sender: Sender, _video: boolean): Promise<boolean> {
  return false;
}

export async function letOut(_sender: Sender): Promise<void> {}

export async function sendWholePicture(_sender: Sender): Promise<void> {}

/** The library's classes are event targets, but its published types leave that class out. */
function listen(target: object, type: string, heard: (event: unknown) => void): void {
  (target as { addEventListener(name: string, listener: (event: unknown) => void): void }).addEventListener(
    type,
    heard,
  );
}
