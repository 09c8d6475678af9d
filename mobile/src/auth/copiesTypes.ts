/** What this page knows of the session it may share with others. */
export interface Copy {
  /** The session that came of this refresh token, if this page knows. */
  readonly successorOf: (spent: string) => string | null;
  readonly succeeded: (spent: string, session: string) => void;
}
