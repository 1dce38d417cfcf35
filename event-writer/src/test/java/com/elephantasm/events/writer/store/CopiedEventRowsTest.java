package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.SpiritId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class CopiedEventRowsTest extends StoreTest {
  private final ChangeStore loading = ChangeStore.loading(DATA_SOURCE, partitions);

  @Test
  void copied_events_are_as_inserted_ones() {
    SpiritId other = new SpiritId(UUID.randomUUID());
    String hostile = "\\ \\N \\. \n\r\t\b\f\u000b\u0001 \"',{} \ud83d\udc18";
    TestLog otherLog = new TestLog(partitions);
    for (String content : List.of(hostile, "", "\\.", "\\N", "\n", "\\\\")) {
      store.apply(List.of(log.append(TestLog.spirit(spirit, "Ada")),
          log.append(TestLog.event(spirit, "k" + content.length() + content.hashCode(), content))));
      replay(List.of(otherLog.append(TestLog.spirit(other, "Ada")),
          otherLog.append(TestLog.event(other, "k" + content.length() + content.hashCode(), content))));
    }

    assertThat(contents(other)).isEqualTo(contents(spirit)).hasSize(6);
  }

  /** Rows are sent in chunks of 64 KiB: values that end just before, at and after the end of one, and that are longer. */
  @Test
  void values_of_any_length_are_copied_whole() {
    TestLog copiedLog = new TestLog(partitions);
    List<LogEntry> batch = new ArrayList<>(List.of(copiedLog.append(TestLog.spirit(spirit, "Ada"))));
    List<String> contents = new ArrayList<>();
    for (int length = 65_000; length < 65_600; length += 7) {
      contents.add("é".repeat(length / 2));
    }
    contents.add("x".repeat(200_000));
    contents.add("y");
    contents.forEach(content -> batch.add(copiedLog.append(TestLog.event(spirit, "k" + batch.size(), content))));
    replay(batch);

    assertThat(contents(spirit)).isEqualTo(contents);
  }

  @Test
  void events_that_are_there_stay_and_the_others_come() {
    apply(log.append(TestLog.spirit(spirit, "Ada")), log.append(TestLog.event(spirit, "a", "first")));
    replay(List.of(log.append(TestLog.event(spirit, "b", "new")), log.append(TestLog.event(spirit, "a", "first")),
        log.append(TestLog.event(spirit, "a", "a conflict"))));

    assertThat(contents(spirit)).containsExactly("first", "new");
    assertThat(deadLetters()).hasSize(1);
  }

  /** PostgreSQL says so while most of the batch is still to be sent. */
  @Test
  void a_duplicate_at_the_beginning_of_a_large_batch_ends_nothing() {
    List<LogEntry> batch = new ArrayList<>(List.of(log.append(TestLog.spirit(spirit, "Ada"))));
    for (int i = 0; i < 5000; i++) {
      batch.add(log.append(TestLog.event(spirit, "k" + i, "%d %s".formatted(i, "x".repeat(500)))));
    }
    LogEntry firstById = batch.stream().skip(1).min(Comparator.comparing(CopiedEventRowsTest::id)).orElseThrow();
    apply(batch.getFirst(), firstById);
    replay(batch);

    assertThat(contents(spirit)).hasSize(5000);
    assertThat(deadLetters()).isEmpty();
  }

  /** Otherwise the rollback waits for the copy, and that for the rollback. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_copy_that_fails_while_it_is_written_leaves_a_connection_that_can_roll_back() {
    CopiedEventRows rows = new CopiedEventRows(jdbc, new JdbcTemplate(DATA_SOURCE));
    TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(DATA_SOURCE));
    List<EventRow> twoAndOneThatCannotBeWritten = List.of(row("a", UUID.randomUUID()), row("b", UUID.randomUUID()),
        row("c", none()));

    assertThatThrownBy(() -> transaction.executeWithoutResult(_ -> rows.insert(twoAndOneThatCannotBeWritten)))
        .isInstanceOf(NullPointerException.class);
    assertThat(contents(spirit)).isEmpty();
  }

  private EventRow row(String key, UUID payloadDigest) {
    return new EventRow(TestLog.event(spirit, key, "hello").stored(TestLog.START), payloadDigest, new Position(1, 1));
  }

  /** For an error of ours, which no valid row leads to. */
  @SuppressWarnings("NullAway")
  private static UUID none() {
    return null;
  }

  private static String id(LogEntry entry) {
    return entry.content() instanceof DecodedChange.Readable(Change.EventCreated created)
        ? created.id().toString()
        : "";
  }

  @Test
  void a_record_of_a_time_that_is_not_stored_is_refused_as_it_is_by_the_writer() {
    apply(log.append(TestLog.spirit(spirit, "Ada")));
    for (String time : List.of("+12000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "+292278994-08-17T07:12:55.807Z")) {
      LogEntry entry = log.append(TestLog.event(spirit, time, "hello"));
      ReceivedRecord record = entry.record();
      LogEntry far = new LogEntry(entry.partition(), new ReceivedRecord(record.position(), Instant.parse(time),
          record.key(), record.headers(), record.value()), entry.content());

      assertThatThrownBy(() -> store.apply(List.of(far))).isInstanceOf(RecordRefusedException.class);
      assertThatThrownBy(() -> replay(List.of(far))).isInstanceOf(RecordRefusedException.class);
    }
  }

  private void replay(List<LogEntry> batch) {
    loading.replay(batch, ReplayTerms.AS_WRITER, _ -> {});
  }

  private List<String> contents(SpiritId of) {
    return jdbc.sql("SELECT content FROM events WHERE agent_id = :id ORDER BY created_offset").param("id", of.value())
        .query((row, _) -> row.getString(1)).list();
  }

  /** Into tables without the indexes that a rebuild builds in the end, in turns, by one thread. */
  @Test
  @Tag("long")
  void copying_is_faster_than_inserting() {
    DataSource copied = withoutIndexes("copied");
    DataSource inserted = withoutIndexes("inserted");
    LogPartitions copiedPartitions = LogPartitions.in(copied);
    LogPartitions insertedPartitions = LogPartitions.in(inserted);
    ChangeStore copying = ChangeStore.loading(copied, copiedPartitions);
    ChangeStore inserting = ChangeStore.in(inserted, insertedPartitions);
    UUID topic = UUID.randomUUID();
    TestLog copiedLog = new TestLog(copiedPartitions, topic, 0);
    TestLog insertedLog = new TestLog(insertedPartitions, topic, 0);
    double copyingSeconds = 0;
    double insertingSeconds = 0;
    int rounds = Integer.getInteger("elephantasm.copy.rounds", 100);
    for (int round = -10; round < rounds; round++) {
      double copy = seconds(copying, batch(copiedLog, round));
      double insert = seconds(inserting, batch(insertedLog, round));
      copyingSeconds += round < 0 ? 0 : copy;
      insertingSeconds += round < 0 ? 0 : insert;
    }
    System.out.printf(Locale.ROOT,
        "%d batches of 2,000 new events: copied in %.2f s, inserted in %.2f s: %.2f times as fast%n",
        rounds, copyingSeconds, insertingSeconds, insertingSeconds / copyingSeconds);
    assertThat(copyingSeconds).isLessThan(insertingSeconds);
  }

  private static DataSource withoutIndexes(String schema) {
    DataSource dataSource = migrated(schema);
    for (String index : List.of("by_key", "by_time", "by_session", "by_log")) {
      JdbcClient.create(dataSource).sql("DROP INDEX events_" + index).update();
    }
    return dataSource;
  }

  private List<LogEntry> batch(TestLog to, int round) {
    List<LogEntry> batch = new ArrayList<>();
    batch.add(to.append(TestLog.spirit(spirit, "Ada")));
    for (int i = 0; i < 2000; i++) {
      batch.add(to.append(TestLog.event(spirit, round + "-" + i, "Lorem ipsum dolor sit amet. ".repeat(14))));
    }
    return batch;
  }

  private static double seconds(ChangeStore store, List<LogEntry> batch) {
    long began = System.nanoTime();
    store.replay(batch, ReplayTerms.AS_WRITER, _ -> {});
    return (System.nanoTime() - began) / 1e9;
  }
}
