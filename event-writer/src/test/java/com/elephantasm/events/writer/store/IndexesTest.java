package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every write pays for each index of its table, so each is here with what it is for. Tests of plans show that it is used. */
class IndexesTest extends StoreTest {
  private record Index(String name, String definition, String purpose) {}

  private static final List<Index> INDEXES = List.of(
      // events
      new Index("events_pkey", "UNIQUE events (id)",
          "One row for one identity, which the id is a hash of; what the writer compares and changes (StorePlansTest); "
              + "an event by its id (EventPlansTest)."),
      new Index("events_by_key", "UNIQUE events (agent_id, dedupe_key) WHERE (dedupe_key IS NOT NULL)",
          "One event for one key of a spirit, whatever its id. No query."),
      new Index("events_by_time", "events (agent_id, occurred_at, created_at, created_offset, id)",
          "A spirit's events, page by page and by time (EventPlansTest)."),
      new Index("events_by_session",
          "events (agent_id, session_id, occurred_at, created_at, created_offset, id) WHERE (session_id IS NOT NULL)",
          "A session's events, page by page (EventPlansTest)."),
      new Index("events_by_log", "events (agent_id, created_partition, created_offset)",
          "What is new of a spirit, for live tails (TailPlansTest)."),

      // late_events
      new Index("late_events_pkey", "UNIQUE late_events (\"position\")",
          "One event for one number; the number reached (TailPlansTest)."),
      new Index("late_events_event_id_key", "UNIQUE late_events (event_id)",
          "One number for one event; whether an event is late (TailPlansTest)."),
      new Index("late_events_by_agent", "late_events (agent_id, \"position\")",
          "What is late of a spirit, for live tails (TailPlansTest)."),

      // spirits
      new Index("spirits_pkey", "UNIQUE spirits (id)", "One row for one spirit; those of a batch (StorePlansTest)."),
      new Index("spirits_by_time", "spirits (created_at, id)", "Spirits, page by page (EventPlansTest)."),

      // log_partitions
      new Index("log_partitions_pkey", "UNIQUE log_partitions (id)", "What rows refer to by its number."),
      new Index("log_partitions_topic_id_partition_key", "UNIQUE log_partitions (topic_id, partition)",
          "One number for one partition."),

      // dead_letters
      new Index("dead_letters_pkey", "UNIQUE dead_letters (id)",
          "A letter by its id, for people's decisions (StorePlansTest)."),
      new Index("dead_letters_log_partition_record_digest_reason_episode_key",
          "UNIQUE dead_letters (log_partition, record_digest, reason, episode)",
          "One letter for one rejection; whether a record that comes again was rejected (StorePlansTest)."),
      new Index("dead_letters_waiting", "dead_letters (agent_id, log_partition, first_offset) WHERE waiting",
          "What waits for a spirit, in the order of the log (StorePlansTest)."),
      new Index("dead_letters_by_subject", "dead_letters (subject_id, id) WHERE (subject_id IS NOT NULL)",
          "What was rejected of an event (EventPlansTest, LetterPlansTest)."),
      new Index("dead_letters_by_time", "dead_letters (state, record_timestamp, id)",
          "Letters, page by page and by time (LetterPlansTest)."),
      new Index("dead_letters_by_reason", "dead_letters (state, reason, record_timestamp, id)",
          "Those of a reason, page by page; counts (LetterPlansTest)."),
      new Index("dead_letters_by_agent",
          "dead_letters (agent_id, state, record_timestamp, id) WHERE (agent_id IS NOT NULL)",
          "Those of a spirit, page by page (LetterPlansTest)."),
      new Index("dead_letters_in_log_order", "dead_letters (state, log_partition, first_offset, id)",
          "What is redriven next (LetterPlansTest); which letter a redriven record is of (StorePlansTest)."),

      // redrives
      new Index("redrives_pkey", "UNIQUE redrives (id)", "A redrive by its id, to be settled (StorePlansTest)."),
      new Index("redrives_by_letter", "redrives (dead_letter, id)", "Those of a letter (LetterPlansTest)."),
      new Index("redrives_by_run", "redrives (run, id) WHERE (run IS NOT NULL)",
          "Those of a request for many (LetterPlansTest)."),
      new Index("redrives_by_state", "redrives (state, id)", "Those that are pending, say (LetterPlansTest)."),

      // replays
      new Index("replays_pkey", "UNIQUE replays (id)", "A replay by its id; the newest (ReplayPlansTest)."),
      new Index("replays_by_state", "replays (state, id)", "Whose turn it is; those that run, say (ReplayPlansTest)."),
      new Index("replay_partitions_pkey", "UNIQUE replay_partitions (replay, partition)",
          "One row for one partition of a replay; all of one (ReplayPlansTest)."));

  @Test
  void the_store_has_these_indexes_and_no_other() {
    Map<String, String> left = found();
    List<String> differences = new ArrayList<>();
    for (Index index : INDEXES) {
      if (!left.remove(index.name(), index.definition())) {
        differences.add("missing, or another one now: " + index);
      }
    }
    left.forEach((name, definition) -> differences.add("not in this list: %s, %s".formatted(name, definition)));
    assertThat(differences).isEmpty();
  }

  /** All but Flyway's. */
  private Map<String, String> found() {
    Map<String, String> found = new TreeMap<>();
    jdbc.sql("""
        SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history'
        """).query(row -> {
      String name = row.getString("indexname");
      found.put(name, row.getString("indexdef").replace("CREATE ", "").replace("INDEX " + name + " ON public.", "")
          .replace("USING btree ", ""));
    });
    return found;
  }
}
