/** An error of the server, as RFC 9457 tells it, or of the way there (`status` 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly code: string | null = null,
    /** What is wrong with single fields of what was sent. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = "Problem";
  }
}

export interface Call {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly body?: Readonly<Record<string, unknown>>;
  readonly token?: string;
}

export type Json = Readonly<Record<string, unknown>>;

const TIMEOUT_MS = 15_000;

/** Sends one request. Answers the JSON object that came back, `{}` for an empty answer; throws a Problem. */
export async function request(base: string, path: string, call: Call = {}): Promise<Json> {
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(base + path, {
      method: call.method ?? "GET",
      headers: {
        accept: "application/json, application/problem+json",
        ...(call.body !== undefined && { "content-type": "application/json" }),
        ...(call.token !== undefined && { authorization: `Bearer ${call.token}` }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      signal: aborter.signal,
    });
    const body = readObject(await response.text());
    if (response.ok) return body;
    throw readProblem(response.status, body, response.headers.get("retry-after"));
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(0, "The server cannot be reached. Check your connection and try again.");
  } finally {
    clearTimeout(timer);
  }
}

export function readProblem(status: number, body: Json, retryAfter: string | null): Problem {
  const fields: Record<string, string> = {};
  for (const entry of listOf(body.errors)) {
    const { field, message } = entry;
    if (typeof field === "string" && typeof message === "string") fields[field] = message;
  }
  const wait = status === 429 && retryAfter !== null ? ` Try again in ${retryAfter} seconds.` : "";
  const detail = textOf(body.detail) ?? textOf(body.title) ?? plain(status);
  return new Problem(status, detail + wait, textOf(body.code), fields);
}

/** What to show of an error that anything may have thrown. */
export function wordsFor(error: unknown): string {
  return error instanceof Problem ? error.detail : "Something went wrong. Please try again.";
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function readObject(text: string): Json {
  if (text === "") return {};
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function plain(status: number): string {
  if (status === 401) return "You are signed out.";
  if (status === 403) return "You may not do that.";
  if (status === 404) return "This does not exist, or not any more.";
  if (status === 429) return "Too many tries.";
  return "The server could not do that. Please try again.";
}
