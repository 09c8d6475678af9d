export function canCopy(): boolean {
  return true;
}

export function canShare(): boolean {
  return typeof navigator.share === "function";
}

export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Pages without TLS have no clipboard but the old one.
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("copy refused");
}

export async function shareText(title: string, url: string): Promise<void> {
  await navigator.share({ title, url });
}
