import { listOf, numberOf, objectOf, Problem, textOf, wordsFor, type Json } from "../api/http";
import { anonymous, authorized } from "../auth/session";
import { readPresence, type PresenceStatus } from "../signaling/messages";
import { createStore } from "../ui/store";

export interface CircleSummary {
  readonly id: string;
  readonly name: string;
  readonly role: "owner" | "member";
  readonly memberCount: number;
}

export interface Member {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: "owner" | "member";
  readonly status: PresenceStatus;
}

export interface Circle {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly members: readonly Member[];
}

export interface Invite {
  readonly url: string;
  readonly expiresAt: number | null;
}

export interface InvitePreview {
  readonly circleName: string;
  readonly invitedBy: string | null;
}

/** Something fetched: what was had last stays in sight while it is fetched anew. */
export interface Fetched<T> {
  readonly value: T | null;
  readonly error: string | null;
  /** The server says it does not exist, or not for us. */
  readonly gone: boolean;
}

const NOTHING = { value: null, error: null, gone: false };

export const circles = createStore<Fetched<readonly CircleSummary[]>>(NOTHING);
export const circle = createStore<Fetched<Circle>>(NOTHING);

export function forgetCircles(): void {
  circles.set(NOTHING);
  circle.set(NOTHING);
}

export async function loadCircles(): Promise<void> {
  try {
    const body = await authorized("/api/circles");
    circles.set({ value: listOf(body.circles).flatMap(toSummary), error: null, gone: false });
  } catch (error) {
    circles.set({ ...circles.get(), error: wordsFor(error) });
  }
}

export async function loadCircle(id: string): Promise<void> {
  if (circle.get().value?.id !== id) circle.set(NOTHING);
  wanted = id;
  try {
    const value = toCircle(await authorized(`/api/circles/${encodeURIComponent(id)}`));
    if (wanted !== id) return;
    circle.set({ value, error: null, gone: false });
    countAnew(value);
  } catch (error) {
    if (wanted !== id) return;
    const gone = error instanceof Problem && (error.status === 404 || error.status === 403);
    circle.set({ value: gone ? null : circle.get().value, error: wordsFor(error), gone });
  }
}

/** The circle that is looked at: answers about another come too late. */
let wanted: string | null = null;

/** The list of circles keeps step with the one that is looked at. */
function countAnew({ id, name, members }: Circle): void {
  const shown = circles.get();
  if (shown.value === null) return;
  const value = shown.value.map((one) => (one.id === id ? { ...one, name, memberCount: members.length } : one));
  circles.set({ ...shown, value });
}

export async function createCircle(name: string): Promise<string> {
  const body = await authorized("/api/circles", { method: "POST", body: { name } });
  await loadCircles();
  const id = textOf(body.id);
  if (id === null) throw new Problem(502, "The server answered with something else than a circle.");
  return id;
}

export async function createInvite(circleId: string): Promise<Invite> {
  const body = await authorized(`/api/circles/${encodeURIComponent(circleId)}/invites`, { method: "POST", body: {} });
  const url = textOf(body.url);
  if (url === null) throw new Problem(502, "The server answered with something else than an invite.");
  return { url, expiresAt: numberOf(body.expiresAt) };
}

export async function previewInvite(code: string): Promise<InvitePreview> {
  const body = await anonymous(`/api/invites/${encodeURIComponent(code)}`);
  return {
    circleName: textOf(objectOf(body.circle).name) ?? "a circle",
    invitedBy: textOf(body.invitedBy),
  };
}

/** Joins; answers the id of the circle. */
export async function acceptInvite(code: string): Promise<string> {
  const body = await authorized(`/api/invites/${encodeURIComponent(code)}/accept`, { method: "POST", body: {} });
  await loadCircles();
  const id = textOf(body.id);
  if (id === null) throw new Problem(502, "The server answered with something else than a circle.");
  return id;
}

/** The owner removes a member; anyone removes themself. */
export async function removeMember(circleId: string, userId: string): Promise<void> {
  const path = `/api/circles/${encodeURIComponent(circleId)}/members/${encodeURIComponent(userId)}`;
  await authorized(path, { method: "DELETE" });
  await loadCircles();
}

/** Takes in what the server says of somebody's presence; `false` if nobody here is that person. */
export function presenceHeard(userId: string, status: PresenceStatus): boolean {
  const shown = circle.get();
  if (shown.value === null) return false;
  if (!shown.value.members.some((member) => member.userId === userId)) return false;
  const members = shown.value.members.map((member) => (member.userId === userId ? { ...member, status } : member));
  circle.set({ ...shown, value: { ...shown.value, members } });
  return true;
}

function toSummary(body: Json): CircleSummary[] {
  const id = textOf(body.id);
  const name = textOf(body.name);
  if (id === null || name === null) return [];
  return [{ id, name, role: toRole(body.role), memberCount: numberOf(body.memberCount) ?? 1 }];
}

function toCircle(body: Json): Circle {
  const id = textOf(body.id);
  const name = textOf(body.name);
  if (id === null || name === null) throw new Problem(502, "The server answered with something else than a circle.");
  return { id, name, ownerId: textOf(body.ownerId) ?? "", members: listOf(body.members).flatMap(toMember) };
}

function toMember(body: Json): Member[] {
  const userId = textOf(body.userId);
  const username = textOf(body.username);
  if (userId === null || username === null) return [];
  return [
    {
      userId,
      username,
      displayName: textOf(body.displayName) ?? username,
      role: toRole(body.role),
      status: readPresence(body.status) ?? "offline",
    },
  ];
}

function toRole(value: unknown): "owner" | "member" {
  return value === "owner" ? "owner" : "member";
}
