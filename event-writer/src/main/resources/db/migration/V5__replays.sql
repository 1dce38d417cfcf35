-- Replays of the log. Nothing of the store depends on these tables, and no record of the log makes a row of them.
CREATE TABLE replays (
  id           uuid PRIMARY KEY, -- UUIDv7: in the order of their requests
  mode         text NOT NULL,    -- apply, dry-run, verify, rebuild
  state        text NOT NULL,    -- pending, running, paused, completed, failed, cancelled
  request      json NOT NULL,    -- what was asked for, with its defaults
  agent_id     uuid,             -- of the request
  throttle     bigint,           -- records a second; null is without a limit
  wanted       text,             -- of whoever runs it: paused, cancelled
  phase        text,             -- what a running one is doing
  rate         double precision, -- records a second of the last while
  detail       text,             -- why it failed, or what somebody should know of it
  result       json,             -- of its mode
  missing      bigint NOT NULL DEFAULT 0,
  differing    bigint NOT NULL DEFAULT 0,
  unexpected   bigint NOT NULL DEFAULT 0,
  requested_at timestamptz NOT NULL,
  requested_by text,
  started_at   timestamptz,
  ended_at     timestamptz,
  runner       uuid,        -- the process that runs it
  leased_until timestamptz  -- when another one may take it over
);

CREATE INDEX replays_by_state ON replays (state, id);

-- How far each partition is, in the transaction that does what was read. The counts are of records.
CREATE TABLE replay_partitions (
  replay       uuid NOT NULL REFERENCES replays ON DELETE CASCADE,
  partition    integer NOT NULL,
  topic_id     uuid NOT NULL,
  start_offset bigint NOT NULL,
  end_offset   bigint NOT NULL, -- as it was when the replay was asked for
  next_offset  bigint NOT NULL,
  read         bigint NOT NULL DEFAULT 0,
  stored       bigint NOT NULL DEFAULT 0,
  duplicate    bigint NOT NULL DEFAULT 0,
  amended      bigint NOT NULL DEFAULT 0,
  skipped      bigint NOT NULL DEFAULT 0,
  rejected     bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (replay, partition)
);
