package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.RejectionReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the store says became of the records of one partition. */
final class Fates {
  enum Fate {
    /** It made a row or is the last that changed one. */
    ROW, DEAD_LETTER,
    /** It is about something that is there: a duplicate, or a change that a later one has covered. */
    REPETITION, NOTHING
  }

  private record Letter(long firstOffset, long lastOffset, String reason) {}

  private final Set<Long> rows = new HashSet<>();
  private final Set<UUID> subjects = new HashSet<>();
  private final Map<UUID, List<Letter>> letters = new HashMap<>();
  private final long occurrences;

  Fates(JdbcClient jdbc, int partition) {
    rows.addAll(jdbc.sql("""
        SELECT created_offset FROM events WHERE created_partition = :partition
        UNION SELECT changed_offset FROM events WHERE changed_partition = :partition
        UNION SELECT created_offset FROM spirits WHERE created_partition = :partition
        UNION SELECT changed_offset FROM spirits WHERE changed_partition = :partition
        """).param("partition", partition).query((row, _) -> row.getLong(1)).list());
    subjects.addAll(jdbc.sql("SELECT id FROM events UNION SELECT id FROM spirits").query(UUID.class).set());
    jdbc.sql(
        "SELECT record_digest, first_offset, last_offset, reason FROM dead_letters WHERE log_partition = :partition")
        .param("partition", partition).query(row -> {
          letters.computeIfAbsent(Sql.uuid(row, "record_digest"), _ -> new ArrayList<>())
              .add(new Letter(row.getLong("first_offset"), row.getLong("last_offset"), row.getString("reason")));
        });
    occurrences = jdbc.sql("SELECT coalesce(sum(occurrences), 0) FROM dead_letters WHERE log_partition = :partition")
        .param("partition", partition).query(Long.class).single();
  }

  Fate of(LogEntry entry) {
    long offset = entry.position().offset();
    if (rows.contains(offset)) {
      return Fate.ROW;
    }
    if (Arrays.stream(RejectionReason.values()).anyMatch(reason -> isLetter(entry, reason))) {
      return Fate.DEAD_LETTER;
    }
    UUID subject = Outcomes.subject(entry);
    return subject != null && subjects.contains(subject) ? Fate.REPETITION : Fate.NOTHING;
  }

  private boolean isLetter(LogEntry entry, RejectionReason reason) {
    long offset = entry.position().offset();
    return letters.getOrDefault(RecordDigest.of(entry, reason), List.of()).stream()
        .anyMatch(letter -> letter.reason.equals(reason.wireName()) && letter.firstOffset <= offset
            && offset <= letter.lastOffset);
  }

  /** How many records all dead letters stand for. */
  long occurrences() {
    return occurrences;
  }
}
