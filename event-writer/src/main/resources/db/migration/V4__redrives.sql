-- What people decide about dead letters, and what came of it. No event or spirit depends on anything here.
ALTER TABLE dead_letters
  ADD COLUMN state text NOT NULL DEFAULT 'open', -- or redriven: with effect; or discarded
  ADD COLUMN decided_at timestamptz,             -- when it was put into another state than open
  ADD COLUMN decided_by text,
  ADD COLUMN note text,
  ADD COLUMN last_redrive uuid;                  -- redrives.id: of the one that has not failed to be published

-- Published as a record of the log with the id in a header; the batch that applies the record says what came of it.
CREATE TABLE redrives (
  id            uuid PRIMARY KEY, -- UUIDv7: in the order of their requests
  dead_letter   bigint NOT NULL,  -- dead_letters.id; the letter is gone if it was applied by itself meanwhile
  agent_id      uuid,             -- of the record as it was published, where it can be read
  run           uuid,             -- of one request to redrive many
  requested_at  timestamptz NOT NULL,
  requested_by  text,
  edited        boolean NOT NULL,
  state         text NOT NULL,    -- pending, unpublished, stored, duplicate, amended, rejected
  reason        text,             -- where it is rejected
  detail        text,
  settled_at    timestamptz,
  log_partition integer REFERENCES log_partitions, -- where the record stands that was published
  log_offset    bigint
);

CREATE INDEX redrives_by_letter ON redrives (dead_letter, id);
CREATE INDEX redrives_by_run ON redrives (run, id) WHERE run IS NOT NULL;
CREATE INDEX redrives_by_state ON redrives (state, id);

-- Lists are the newest first; with a spirit or a reason or neither.
CREATE INDEX dead_letters_by_time ON dead_letters (state, record_timestamp, id);
CREATE INDEX dead_letters_by_reason ON dead_letters (state, reason, record_timestamp, id);
CREATE INDEX dead_letters_by_agent ON dead_letters (agent_id, state, record_timestamp, id) WHERE agent_id IS NOT NULL;
-- They are redriven in the order of the log.
CREATE INDEX dead_letters_in_log_order ON dead_letters (state, log_partition, first_offset, id);
-- Those of a record that comes again are found by its digest.
DROP INDEX dead_letters_by_position;
