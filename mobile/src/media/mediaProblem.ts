/**
 * Why a camera or a microphone could not be had, or what became of it: it is `gone`, `replaced` by another one, or is there and
 * `silenced` by the system.
 */
export type MediaProblem = "refused" | "missing" | "in-use" | "insecure" | "gone" | "replaced" | "silenced";

/** Reads the errors of getUserMedia (https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia). */
export function problemOf(error: unknown): MediaProblem {
  const name = typeof error === "object" && error !== null && "name" in error ? error.name : "";
  switch (name) {
    case "NotAllowedError":
      return "refused";
    case "SecurityError":
      return "insecure";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    default:
      return "in-use";
  }
}

export interface Help {
  readonly title: string;
  readonly advice: string;
}

/** What to tell the person, and what they can do about it. */
export function helpFor(device: "camera" | "microphone", problem: MediaProblem): Help {
  const consequence =
    device === "camera"
      ? "The call goes on with sound only."
      : "You can hear the other side, but they cannot hear you.";
  switch (problem) {
    case "refused":
      return {
        title: `Kith may not use your ${device}`,
        advice: `${consequence} Allow the ${device} for this app in your browser's or phone's settings, then turn it on again.`,
      };
    case "missing":
      return { title: `No ${device} found`, advice: `${consequence} Connect a ${device}, then turn it on again.` };
    case "in-use":
      return {
        title: `Your ${device} is busy`,
        advice: `${consequence} Another app may be using it: close that app, then turn the ${device} on again.`,
      };
    case "insecure":
      return {
        title: `No ${device} on an unencrypted page`,
        advice: `${consequence} Browsers allow a ${device} only over https, or on localhost: open this page with https.`,
      };
    case "gone":
      return { title: `Your ${device} went away`, advice: `${consequence} Connect it again, then turn it on.` };
    case "replaced":
      return { title: `Your ${device} went away`, advice: "Another one is used now." };
    case "silenced":
      return {
        title: `Your ${device} is held back`,
        advice: `${consequence} The system, another app, or a switch on the device keeps it: it comes back by itself.`,
      };
  }
}
