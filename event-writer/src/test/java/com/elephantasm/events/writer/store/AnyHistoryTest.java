package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.DedupeKey;
import com.elephantasm.events.schema.EventAmendment;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.FieldChange;
import com.elephantasm.events.schema.FieldChange.Cleared;
import com.elephantasm.events.schema.FieldChange.SetTo;
import com.elephantasm.events.schema.FieldChange.Unchanged;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.NewSpirit;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.ReplyTo;
import com.elephantasm.events.schema.SpiritAmendment;
import com.elephantasm.events.schema.SpiritId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The store is a function of the log: for any sequence of changes over some partitions, any cut into batches, any order between the
 * partitions and any part read again, it ends the same as when each record is applied once and alone.
 */
class AnyHistoryTest extends StoreTest {
  private static final int ROUNDS = 100;
  private static final int RECORDS = 60;
  private static final int SPIRITS = 4;
  private static final DataSource CLEAN = migrated("clean");
  private static final DataSource CUT = migrated("cut");

  /** One record, wherever it comes to stand; its spirit says in which partition. */
  private record Step(Kind kind, int spirit, int name, int variant, boolean asks) {}

  private enum Kind {
    PUT_SPIRIT, AMEND_SPIRIT, DELETE_SPIRIT, RESTORE_SPIRIT, EVENT_WITH_KEY, EVENT_WITH_SOURCE, EVENT_WITHOUT, AMEND_EVENT, DELETE_EVENT, RESTORE_EVENT, AMEND_FOREIGN_EVENT, MALFORMED, INVALID, NOTHING
  }

  /** Most are about events, as in life; spirits come late in some logs. */
  private static final List<Kind> FREQUENT = List.of(Kind.EVENT_WITH_KEY, Kind.EVENT_WITH_KEY, Kind.EVENT_WITH_SOURCE,
      Kind.EVENT_WITHOUT, Kind.AMEND_EVENT, Kind.AMEND_EVENT, Kind.DELETE_EVENT);

  private static List<Step> steps(Random random) {
    List<Step> steps = new ArrayList<>();
    int records = 1 + random.nextInt(RECORDS);
    for (int i = 0; i < records; i++) {
      Kind kind = random.nextBoolean()
          ? FREQUENT.get(random.nextInt(FREQUENT.size()))
          : Kind.values()[random.nextInt(Kind.values().length)];
      steps.add(new Step(kind, random.nextInt(SPIRITS), random.nextInt(4), random.nextInt(3), random.nextInt(3) == 0));
    }
    return steps;
  }

  /** What a round brings; the entries are the same in both stores, as their partitions have the same numbers in both. */
  private record Round(int[] partitions, UUID[] spirits) {
    SpiritId spirit(int number) {
      return new SpiritId(spirits[number]);
    }
  }

  private static Round round(Random random) {
    UUID topic = UUID.randomUUID();
    LogPartitions clean = new LogPartitions(JdbcClient.create(CLEAN));
    LogPartitions cut = new LogPartitions(JdbcClient.create(CUT));
    int[] partitions = new int[1 + random.nextInt(3)];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = clean.idOf(topic, "topic", i);
      assertThat(cut.idOf(topic, "topic", i)).isEqualTo(partitions[i]);
    }
    UUID[] spirits = new UUID[SPIRITS];
    Arrays.setAll(spirits, _ -> UUID.randomUUID());
    return new Round(partitions, spirits);
  }

  /**
   * Everything of a round but the ids of dead letters, which say in which order they were written, and the numbers of late events:
   * whether an event waited in the store or within its batch is just what the cut decides.
   */
  private static String dump(DataSource dataSource, Round round) {
    return JdbcClient.create(dataSource).sql("""
        SELECT coalesce(string_agg(line, E'\n' ORDER BY line), '') FROM (
          SELECT 'spirit ' || spirits FROM spirits WHERE id = ANY (:spirits)
          UNION ALL SELECT 'event ' || events FROM events WHERE agent_id = ANY (:spirits)
          UNION ALL SELECT 'letter ' || row(log_partition, first_offset, last_offset, occurrences, reason, episode, detail,
            agent_id, subject_id, waiting, record_digest, record_timestamp, record_key, record_headers, record_value)
            FROM dead_letters WHERE log_partition = ANY (:partitions)
          UNION ALL SELECT 'reached ' || partition || ' ' || next_offset FROM log_partitions WHERE id = ANY (:partitions)
        ) AS lines (line)
        """).param("spirits", round.spirits()).param("partitions", round.partitions()).query(String.class).single();
  }

  @Test
  void any_cut_any_order_between_partitions_and_any_repetition_end_in_the_same_store() {
    for (long seed = Seeds.first(); seed < Seeds.first() + Seeds.times(ROUNDS); seed++) {
      List<Step> steps = steps(new Random(seed));
      if (difference(steps, seed) != null) {
        long failing = seed;
        List<Step> smallest = Seeds.smallest(steps, some -> difference(some, failing) != null);
        throw new AssertionError("-Dtests.seed=%d fails; the smallest log that does: %s%n%s".formatted(seed,
            smallest, difference(smallest, seed)));
      }
    }
  }

  /** Null where both stores end the same. */
  private static @Nullable String difference(List<Step> steps, long seed) {
    Random random = new Random(seed);
    Round round = round(random);
    List<List<LogEntry>> log = log(steps, round);
    ChangeStore clean = store(CLEAN, new LogPartitions(JdbcClient.create(CLEAN)));
    log.forEach(partition -> partition.forEach(entry -> clean.apply(List.of(entry))));
    List<String> history = consume(random, log, store(CUT, new LogPartitions(JdbcClient.create(CUT))));
    String expected = dump(CLEAN, round);
    String actual = dump(CUT, round);
    return expected.equals(actual)
        ? null
        : "read as %s%nexpected:%n%s%nbut was:%n%s".formatted(history, expected, actual);
  }

  private static List<List<LogEntry>> log(List<Step> steps, Round round) {
    List<List<LogEntry>> log = new ArrayList<>();
    for (int i = 0; i < round.partitions().length; i++) {
      log.add(new ArrayList<>());
    }
    for (Step step : steps) {
      int partition = step.spirit() % log.size();
      List<LogEntry> entries = log.get(partition);
      RecordPosition position = new RecordPosition("topic", partition, entries.size());
      // The time of a record says nothing about where it stands.
      Instant time = TestLog.at((entries.size() * 7L + step.spirit()) % 50);
      entries.add(LogEntry.of(round.partitions()[partition], record(step, round, position, time)));
    }
    return log;
  }

  private static ReceivedRecord record(Step step, Round round, RecordPosition position, Instant time) {
    SpiritId spirit = round.spirit(step.spirit());
    return switch (step.kind()) {
      case PUT_SPIRIT -> encoded(step, position, time,
          new Change.SpiritCreated(spirit, new NewSpirit("name " + step.variant(), null, Metadata.EMPTY)));
      case AMEND_SPIRIT -> encoded(step, position, time, new Change.SpiritAmended(spirit, new SpiritAmendment(
          new Unchanged<>(), new SetTo<>("description " + step.variant()), new Unchanged<>(), new Unchanged<>())));
      case DELETE_SPIRIT -> encoded(step, position, time, TestLog.deletion(spirit));
      case RESTORE_SPIRIT -> encoded(step, position, time, new Change.SpiritAmended(spirit,
          new SpiritAmendment(new Unchanged<>(), new Unchanged<>(), new Unchanged<>(), new SetTo<>(false))));
      case EVENT_WITH_KEY, EVENT_WITH_SOURCE -> encoded(step, position, time, event(step, round));
      case EVENT_WITHOUT -> plain(position, time, """
          {"agent_id": "%s", "event_type": "system", "content": "content %d"}""".formatted(spirit, step.variant()));
      case AMEND_EVENT -> encoded(step, position, time, amendment(step, round, new Unchanged<>()));
      case DELETE_EVENT -> encoded(step, position, time, amendment(step, round, new SetTo<>(true)));
      case RESTORE_EVENT -> encoded(step, position, time, amendment(step, round, new SetTo<>(false)));
      case AMEND_FOREIGN_EVENT ->
        encoded(step, position, time, new Change.EventAmended(spirit,
            event(new Step(Kind.EVENT_WITH_KEY, (step.spirit() + 1) % SPIRITS, step.name(), 0, false), round).id(),
            EventAmendment.deletion()));
      case MALFORMED -> plain(position, time, "{".repeat(1 + step.variant()));
      case INVALID -> plain(position, time, """
          {"agent_id": "%s", "event_type": "system", "content": "\\ud800"}""".formatted(spirit));
      case NOTHING -> plain(position, time, null);
    };
  }

  /** One of a few, so that they meet: as duplicates, and as conflicts where the variant differs. */
  private static Change.EventCreated event(Step step, Round round) {
    boolean hasKey = step.kind() == Kind.EVENT_WITH_KEY;
    NewEvent event = new NewEvent(round.spirit(step.spirit()), "message.in", "content " + step.variant() / 2, null,
        null, null,
        step.variant() == 1 ? TestLog.START : null, null, Metadata.EMPTY, hasKey ? null : "source://" + step.name(),
        hasKey ? new DedupeKey("k" + step.name()) : null, null);
    return Change.EventCreated.of(event, TestLog.START, new Identity.CloudEvent("/unused", "unused"));
  }

  private static Change.EventAmended amendment(Step step, Round round,
      FieldChange<Boolean> deleted) {
    Kind kind = step.name() % 2 == 0 ? Kind.EVENT_WITH_KEY : Kind.EVENT_WITH_SOURCE;
    EventId event = event(new Step(kind, step.spirit(), step.name(), 0, false), round).id();
    return new Change.EventAmended(round.spirit(step.spirit()), event,
        new EventAmendment(step.variant() == 0 ? new Cleared<>() : new SetTo<>("summary " + step.variant()),
            new Unchanged<>(), new Unchanged<>(), new Unchanged<>(), new Unchanged<>(), deleted));
  }

  private static ReceivedRecord encoded(Step step, RecordPosition position, Instant time, Change change) {
    RecordToSend record = ChangeCodec.encode(change, "/test", TestLog.START,
        step.asks() ? new ReplyTo("test", "1") : null);
    return new ReceivedRecord(position, time, record.key(), record.headers(), record.value());
  }

  private static ReceivedRecord plain(RecordPosition position, Instant time, @Nullable String value) {
    return new ReceivedRecord(position, time, null, List.of(),
        value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  /** As consumers would: forward in batches of one or more partitions, now and then back to somewhere before, at the end some once more. */
  private static List<String> consume(Random random, List<List<LogEntry>> log, ChangeStore store) {
    List<String> history = new ArrayList<>();
    int[] next = new int[log.size()];
    boolean unread;
    do {
      List<LogEntry> batch = new ArrayList<>();
      StringBuilder read = new StringBuilder();
      unread = false;
      for (int partition = 0; partition < next.length; partition++) {
        List<LogEntry> entries = log.get(partition);
        if (next[partition] < entries.size() && random.nextInt(3) > 0) {
          int end = Math.min(entries.size(), next[partition] + 1 + random.nextInt(20));
          add(entries, partition, next[partition], end, batch, read);
          next[partition] = random.nextInt(4) == 0 ? random.nextInt(end) : end;
        }
        unread |= next[partition] < entries.size();
      }
      apply(store, batch, read, history);
    } while (unread);
    for (int i = 0; i < 3; i++) {
      int partition = random.nextInt(log.size());
      List<LogEntry> entries = log.get(partition);
      if (!entries.isEmpty()) {
        List<LogEntry> batch = new ArrayList<>();
        StringBuilder read = new StringBuilder();
        int from = random.nextInt(entries.size());
        add(entries, partition, from, from + 1 + random.nextInt(entries.size() - from), batch, read);
        apply(store, batch, read, history);
      }
    }
    return history;
  }

  private static void add(List<LogEntry> entries, int partition, int from, int to, List<LogEntry> batch,
      StringBuilder read) {
    batch.addAll(entries.subList(from, to));
    read.append(partition).append(':').append(from).append("..").append(to).append(' ');
  }

  private static void apply(ChangeStore store, List<LogEntry> batch, StringBuilder read, List<String> history) {
    if (!batch.isEmpty()) {
      history.add(read.toString().strip());
      store.apply(batch);
    }
  }
}
