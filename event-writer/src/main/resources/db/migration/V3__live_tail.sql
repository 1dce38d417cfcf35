-- What a live tail reads: the events of a spirit between two positions of a partition, in their order.
CREATE INDEX events_by_log ON events (agent_id, created_partition, created_offset);

-- Events that were stored by a later record than their own, as when they waited for their spirit: they stand behind the position
-- that the store had reached, so whoever follows that position would never see them. No row depends on this table but a tail's.
CREATE TABLE late_events (
  -- Numbers are given under a lock that is held until the commit: who sees one sees all that are lower.
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  agent_id uuid NOT NULL,
  event_id uuid NOT NULL UNIQUE
);

CREATE INDEX late_events_by_agent ON late_events (agent_id, position);
