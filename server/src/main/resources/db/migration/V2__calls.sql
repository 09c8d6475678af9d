-- One row a call, from its offer on. A row without ended_at is a running call, which a restarted server takes up again;
-- one with it is history. Times are milliseconds since the epoch. Users and circles are named, not referenced: history
-- outlives both. Where both called each other, two calls became one: former_id is the other's id, never used again.
CREATE TABLE calls (
  id            TEXT   NOT NULL PRIMARY KEY,
  former_id     TEXT,
  circle_id     TEXT   NOT NULL,
  caller_id     TEXT   NOT NULL,
  caller_device TEXT   NOT NULL,
  callee_id     TEXT   NOT NULL,
  callee_device TEXT,
  media         TEXT   NOT NULL,
  state         TEXT   NOT NULL,
  started_at    BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL,
  answered_at   BIGINT,
  connected_at  BIGINT,
  ended_at      BIGINT,
  ended_by      TEXT,
  reason        TEXT,
  caller_report TEXT,
  callee_report TEXT
);

CREATE INDEX calls_by_caller ON calls (caller_id, started_at, id);
CREATE INDEX calls_by_callee ON calls (callee_id, started_at, id);
CREATE INDEX calls_by_former_id ON calls (former_id) WHERE former_id IS NOT NULL;
CREATE INDEX calls_running ON calls (started_at) WHERE ended_at IS NULL;
