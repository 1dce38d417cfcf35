package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.SpiritId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The store is a function of the log: for any sequence of changes, any cut into batches and any part read again, it ends the
 * same as when each record is applied once and alone.
 */
class BatchingTest extends StoreTest {
  private static final int ROUNDS = 25;
  private static final int RECORDS = 60;
  private static final UUID TOPIC = UUID.randomUUID();
  private static final DataSource ALONE = migrated("alone");
  private static final DataSource CUT = migrated("cut");

  /** The entries are the same in both stores, as their partition has the same number in both. */
  private static final class Side {
    final JdbcClient jdbc;
    final LogPartitions partitions;
    final ChangeStore store;

    Side(DataSource dataSource) {
      jdbc = JdbcClient.create(dataSource);
      jdbc.sql("TRUNCATE log_partitions, spirits, events, dead_letters, redrives, late_events RESTART IDENTITY")
          .update();
      partitions = new LogPartitions(jdbc);
      store = store(dataSource, partitions);
    }

    /** Without late_events: whether an event waited in the store or within its batch is just what the cut decides. */
    String dump() {
      return jdbc.sql("""
          SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
            SELECT 'spirit ' || spirits FROM spirits UNION ALL SELECT 'event ' || events FROM events
            UNION ALL SELECT 'letter ' || row(first_offset, last_offset, occurrences, reason, detail, subject_id, waiting, state)
              FROM dead_letters
            UNION ALL SELECT 'reached ' || next_offset FROM log_partitions) AS lines (line)
          """).query(String.class).single();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void any_cut_and_any_repetition_end_in_the_same_store(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Side alone = new Side(ALONE);
      Side cut = new Side(CUT);
      List<LogEntry> entries = changes(random, new TestLog(alone.partitions, TOPIC, 0));
      new TestLog(cut.partitions, TOPIC, 0);
      entries.forEach(entry -> alone.store.apply(List.of(entry)));

      List<String> history = applyInPieces(random, entries, cut.store);

      assertThat(cut.dump()).as("seed %d, round %d: %s", seed, round, history).isEqualTo(alone.dump());
    }
  }

  /** As a consumer would: forward in batches, now and then back to somewhere before, at the end some part once more. */
  private static List<String> applyInPieces(Random random, List<LogEntry> entries, ChangeStore store) {
    List<String> history = new ArrayList<>();
    int next = 0;
    while (next < entries.size()) {
      int end = Math.min(entries.size(), next + 1 + random.nextInt(20));
      apply(entries, next, end, store, history);
      next = random.nextInt(4) == 0 ? random.nextInt(end) : end;
    }
    int from = random.nextInt(entries.size());
    apply(entries, from, from + 1 + random.nextInt(entries.size() - from), store, history);
    return history;
  }

  private static void apply(List<LogEntry> entries, int from, int to, ChangeStore store, List<String> history) {
    history.add(from + ".." + to);
    store.apply(entries.subList(from, to));
  }

  private static List<LogEntry> changes(Random random, TestLog log) {
    SpiritId[] spirits = {new SpiritId(new UUID(random.nextLong(), 1)), new SpiritId(new UUID(random.nextLong(), 2))};
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      if (i > 0 && random.nextInt(5) == 0) {
        entries.add(log.redrive(entries.get(random.nextInt(i)), new UUID(random.nextLong(), random.nextLong())));
      } else if (random.nextInt(15) == 0) {
        entries.add(log.appendPlain(random.nextBoolean() ? "{" : null));
      } else {
        Change change = change(random, spirits[random.nextInt(2)]);
        entries.add(random.nextInt(3) == 0 ? log.ask(change) : log.append(change));
      }
    }
    return entries;
  }

  private static Change change(Random random, SpiritId spirit) {
    Change.EventCreated event = TestLog.event(spirit, "k" + random.nextInt(6), "content " + random.nextInt(3) / 2);
    EventId id = event.id();
    return switch (random.nextInt(20)) {
      case 0 -> TestLog.spirit(spirit, "name " + random.nextInt(3));
      case 1 -> TestLog.deletion(spirit);
      case 2, 3, 4, 5, 6, 7 -> TestLog.importance(spirit, id, random.nextInt(11) / 10.0);
      default -> event;
    };
  }
}
