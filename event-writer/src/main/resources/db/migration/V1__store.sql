-- The store is a function of the log: every row says which records made it what it is.

-- Where a record can come from. A topic that is deleted and made again is another one (its id differs), though its name and
-- offsets are the same: without that, the changes in the new one would look older than what the rows already have.
CREATE TABLE log_partitions (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic_id    uuid NOT NULL,
  topic       text NOT NULL,
  partition   integer NOT NULL,
  next_offset bigint NOT NULL DEFAULT 0, -- everything before it is applied
  UNIQUE (topic_id, partition)
);

CREATE TABLE spirits (
  id                uuid PRIMARY KEY,
  name              text NOT NULL,
  description       text,
  metadata          json NOT NULL, -- json, not jsonb: numbers and the order of members stay as sent
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  is_deleted        boolean NOT NULL,
  created_partition integer NOT NULL, -- log_partitions.id
  created_offset    bigint NOT NULL,
  changed_partition integer NOT NULL,
  changed_offset    bigint NOT NULL
);

CREATE INDEX spirits_by_time ON spirits (created_at, id);

-- No foreign key to spirits: the writer checks each event's spirit in the transaction that stores the event, spirits are never
-- removed, and the constraint's row lock per event would make all events of one spirit queue up.
CREATE TABLE events (
  id                uuid PRIMARY KEY,
  agent_id          uuid NOT NULL,
  event_type        text NOT NULL,
  content           text NOT NULL,
  meta_summary      text,
  role              text,
  author            text,
  occurred_at       timestamptz NOT NULL,
  session_id        text,
  metadata          json NOT NULL,
  source_uri        text,
  dedupe_key        text,
  importance_score  double precision,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  is_deleted        boolean NOT NULL,
  payload_digest    uuid NOT NULL, -- of what can never change; tells a duplicate from a conflict
  created_partition integer NOT NULL, -- log_partitions.id
  created_offset    bigint NOT NULL,
  changed_partition integer NOT NULL,
  changed_offset    bigint NOT NULL
);

-- Partial: smaller, and the planner never takes it for an index of all events of a spirit.
CREATE UNIQUE INDEX events_by_key ON events (agent_id, dedupe_key) WHERE dedupe_key IS NOT NULL;

CREATE INDEX events_by_time ON events (agent_id, occurred_at, created_at, created_offset, id);
CREATE INDEX events_by_session ON events (agent_id, session_id, occurred_at, created_at, created_offset, id)
  WHERE session_id IS NOT NULL;

-- Records that did not become a row. One row stands for all that are the same rejection.
CREATE TABLE dead_letters (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  log_partition    integer NOT NULL REFERENCES log_partitions,
  first_offset     bigint NOT NULL,
  last_offset      bigint NOT NULL,
  occurrences      bigint NOT NULL DEFAULT 1,
  reason           text NOT NULL,
  episode          bigint NOT NULL, -- the deletion's offset where the spirit is deleted: it may be restored in between; else 0
  detail           text NOT NULL,
  agent_id         uuid, -- where the record could be read
  subject_id       uuid, -- the event or spirit that it is about, likewise
  waiting          boolean NOT NULL, -- for its spirit: applied by itself when that arrives
  record_digest    uuid NOT NULL, -- tells the same rejection again
  record_timestamp timestamptz NOT NULL,
  record_key       bytea,
  record_headers   json NOT NULL, -- [{"name": …, "value": base64 or null}], in order
  record_value     bytea,
  UNIQUE (log_partition, record_digest, reason, episode)
);

CREATE INDEX dead_letters_by_position ON dead_letters (log_partition, last_offset);
CREATE INDEX dead_letters_waiting ON dead_letters (agent_id, log_partition, first_offset)
  WHERE waiting;
