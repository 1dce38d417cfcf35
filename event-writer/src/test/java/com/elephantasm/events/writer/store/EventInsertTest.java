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
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class EventInsertTest extends StoreTest {
  /** More than are needed for a copy. */
  private static final int MANY = 150;

  @Test
  void copied_events_are_as_inserted_ones() {
    SpiritId other = new SpiritId(UUID.randomUUID());
    TestLog otherLog = new TestLog(partitions);
    List<String> contents = new ArrayList<>();
    String hostile = "\\ \\N \\. \n\r\t\b\f\u000b\u0001 \"',{} \ud83d\udc18";
    for (int i = 0; i < MANY; i += 6) {
      contents.addAll(List.of(hostile, "", "\\.", "\\N", "\n", "\\\\"));
    }
    List<LogEntry> batch = new ArrayList<>(List.of(otherLog.append(TestLog.spirit(other, "Ada"))));
    apply(log.append(TestLog.spirit(spirit, "Ada")));
    for (String content : contents) {
      apply(log.append(TestLog.event(spirit, "k" + batch.size(), content)));
      batch.add(otherLog.append(TestLog.event(other, "k" + batch.size(), content)));
    }
    store.apply(batch);

    assertThat(rows(other)).isEqualTo(rows(spirit));
    assertThat(contents(other)).isEqualTo(contents);
  }

  /** Rows are sent in chunks of 64 KiB: values that end just before, at and after the end of one, and that are longer. */
  @Test
  void values_of_any_length_are_copied_whole() {
    List<LogEntry> batch = new ArrayList<>(List.of(log.append(TestLog.spirit(spirit, "Ada"))));
    List<String> contents = new ArrayList<>();
    for (int length = 65_000; length < 65_600; length += 5) {
      contents.add("é".repeat(length / 2));
    }
    contents.add("x".repeat(200_000));
    contents.add("y");
    contents.forEach(content -> batch.add(log.append(TestLog.event(spirit, "k" + batch.size(), content))));
    store.apply(batch);

    assertThat(contents(spirit)).isEqualTo(contents);
  }

  @Test
  void of_many_events_those_that_are_there_stay_and_the_others_come() {
    apply(log.append(TestLog.spirit(spirit, "Ada")), log.append(TestLog.event(spirit, "k3", "first")));
    // The first batch meets what is there, the others ask for it.
    for (int round = 0; round < 3; round++) {
      List<LogEntry> batch = new ArrayList<>();
      for (int i = 0; i < MANY * (round + 1); i++) {
        batch.add(log.append(TestLog.event(spirit, "k" + i, i == 3 ? "first" : "hello")));
      }
      batch.add(log.append(TestLog.event(spirit, "k3", "a conflict")));
      store.apply(batch);

      assertThat(contents(spirit)).hasSize(MANY * (round + 1)).containsOnlyOnce("first").contains("hello");
      assertThat(deadLetters()).hasSize(1);
    }
  }

  /** PostgreSQL says so while most of the batch is still to be sent. */
  @Test
  void a_duplicate_at_the_beginning_of_a_large_batch_ends_nothing() {
    List<LogEntry> batch = new ArrayList<>(List.of(log.append(TestLog.spirit(spirit, "Ada"))));
    for (int i = 0; i < 5000; i++) {
      batch.add(log.append(TestLog.event(spirit, "k" + i, "%d %s".formatted(i, "x".repeat(500)))));
    }
    LogEntry firstById = batch.stream().skip(1).min(Comparator.comparing(EventInsertTest::id)).orElseThrow();
    apply(batch.getFirst(), firstById);
    store.apply(batch);

    assertThat(contents(spirit)).hasSize(5000);
    assertThat(deadLetters()).isEmpty();
  }

  /** Otherwise the rollback waits for the copy, and that for the rollback. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_copy_that_fails_while_it_is_written_leaves_a_connection_that_can_roll_back() {
    EventInsert events = new EventInsert(new EventRows(jdbc), DATA_SOURCE);
    TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(DATA_SOURCE));
    List<EventRow> rows = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      rows.add(row("k" + i, UUID.randomUUID()));
    }
    rows.add(row("cannot be written", none()));

    assertThatThrownBy(() -> transaction.executeWithoutResult(_ -> events.insert(rows)))
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
  void a_record_of_a_time_that_is_not_stored_is_refused_in_whatever_company() {
    List<LogEntry> many = new ArrayList<>(List.of(log.append(TestLog.spirit(spirit, "Ada"))));
    for (int i = 0; i < MANY; i++) {
      many.add(log.append(TestLog.event(spirit, "k" + i, "hello")));
    }
    for (String time : List.of("+12000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "+292278994-08-17T07:12:55.807Z")) {
      LogEntry entry = log.append(TestLog.event(spirit, time, "hello"));
      ReceivedRecord record = entry.record();
      LogEntry far = new LogEntry(entry.partition(), new ReceivedRecord(record.position(), Instant.parse(time),
          record.key(), record.headers(), record.value()), entry.content());
      List<LogEntry> manyAndFar = Stream.concat(many.stream(), Stream.of(far)).toList();

      assertThatThrownBy(() -> store.apply(List.of(far))).isInstanceOf(RecordRefusedException.class);
      assertThatThrownBy(() -> store.apply(manyAndFar)).isInstanceOf(RecordRefusedException.class);
    }
  }

  /** All that does not say where in the log it came from, or to whom it belongs. */
  private List<Map<String, @Nullable Object>> rows(SpiritId of) {
    List<Map<String, @Nullable Object>> rows = jdbc.sql("""
        SELECT *, metadata::text AS metadata_text FROM events WHERE agent_id = :id ORDER BY created_offset
        """).param("id", of.value()).query().listOfRows();
    rows.forEach(row -> row.keySet().removeAll(List.of("id", "agent_id", "metadata", "created_partition",
        "created_offset", "changed_partition", "changed_offset")));
    return rows;
  }

  private List<String> contents(SpiritId of) {
    return jdbc.sql("SELECT content FROM events WHERE agent_id = :id ORDER BY created_offset").param("id", of.value())
        .query((row, _) -> row.getString(1)).list();
  }
}
