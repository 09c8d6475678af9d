-- When others may learn the addresses of a user's devices.
ALTER TABLE users ADD COLUMN relay TEXT NOT NULL DEFAULT 'direct';

-- The stricter wish of the two, as it was when the call was offered; and what the timeline tells that nothing else does.
ALTER TABLE calls ADD COLUMN relay TEXT NOT NULL DEFAULT 'direct';
ALTER TABLE calls ADD COLUMN ringing_at BIGINT;
ALTER TABLE calls ADD COLUMN reconnects INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN reconnect_ms BIGINT NOT NULL DEFAULT 0;

-- Missed calls that ended later than that are still to be looked at. Those of before are not news.
CREATE TABLE calls_seen (
  user_id    TEXT   NOT NULL PRIMARY KEY,
  seen_until BIGINT NOT NULL
);
INSERT INTO calls_seen (user_id, seen_until)
  SELECT callee_id, MAX(ended_at) FROM calls WHERE ended_at IS NOT NULL GROUP BY callee_id;

CREATE INDEX calls_unanswered ON calls (callee_id, ended_at) WHERE ended_at IS NOT NULL AND answered_at IS NULL;
