-- The same SQL runs on SQLite and on PostgreSQL: TEXT for ids and names, BIGINT for times, which are
-- milliseconds since 1970.

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  -- NULL for someone an external issuer vouches for: no password here opens that account.
  password_hash TEXT,
  created_at BIGINT NOT NULL
);

-- A session is one sign-in: the family of refresh tokens that follow from it.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Kept after they are spent: a token that comes a second time gives a thief away.
CREATE TABLE refresh_tokens (
  hash TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  issued_at BIGINT NOT NULL,
  spent_at BIGINT
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE circles (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  owner_id TEXT NOT NULL REFERENCES users (id),
  created_at BIGINT NOT NULL
);
CREATE INDEX circles_by_owner ON circles (owner_id);

CREATE TABLE circle_members (
  circle_id TEXT NOT NULL REFERENCES circles (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  joined_at BIGINT NOT NULL,
  PRIMARY KEY (circle_id, user_id)
);
CREATE INDEX circle_members_by_user ON circle_members (user_id);

CREATE TABLE invites (
  code TEXT PRIMARY KEY,
  circle_id TEXT NOT NULL REFERENCES circles (id) ON DELETE CASCADE,
  created_by TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  uses_left INTEGER NOT NULL
);
CREATE INDEX invites_by_circle ON invites (circle_id, created_at);
