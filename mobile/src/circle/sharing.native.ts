import { Share } from "react-native";

/** The share sheet of phones copies, too. */
export function canCopy(): boolean {
  return false;
}

export function canShare(): boolean {
  return true;
}

export async function copyText(text: string): Promise<void> {
  await shareText("", text);
}

export async function shareText(title: string, url: string): Promise<void> {
  await Share.share({ title, message: title === "" ? url : `${title}: ${url}` });
}
