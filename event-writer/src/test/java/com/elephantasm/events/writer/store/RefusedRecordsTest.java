package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.TestLog.event;
import static com.elephantasm.events.writer.store.TestLog.importance;
import static com.elephantasm.events.writer.store.TestLog.spirit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordPosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** What the database says no to, and what that no means. */
class RefusedRecordsTest extends StoreTest {
  private final List<String> undo = new ArrayList<>();

  @AfterEach
  void undo() {
    undo.reversed().forEach(sql -> jdbc.sql(sql).update());
  }

  private void change(String sql, String reverse) {
    jdbc.sql(sql).update();
    undo.add(reverse);
  }

  /** An event of type "raise" fails with the error code that is its content. */
  private void raiseWhatEventsAsk() {
    change("""
        CREATE FUNCTION raise_content() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'as asked' USING ERRCODE = NEW.content; END $$
        """, "DROP FUNCTION raise_content");
    change("""
        CREATE TRIGGER raise_content BEFORE INSERT ON events
        FOR EACH ROW WHEN (NEW.event_type = 'raise') EXECUTE FUNCTION raise_content()
        """, "DROP TRIGGER raise_content ON events");
  }

  private LogEntry raising(String state) {
    return log
        .appendPlain("{\"agent_id\": \"%s\", \"event_type\": \"raise\", \"content\": \"%s\"}".formatted(spirit, state));
  }

  @ParameterizedTest
  @ValueSource(strings = {"08000", "08001", "08003", "08004", "08006", "08P01", "0A000", "25006", "25P02", "28000",
      "28P01", "3D000", "40001", "40002", "40003", "40P01", "42501", "42703", "42804", "42P01", "53000", "53100",
      "53200",
      "53300", "53400", "55000", "55006", "55P03", "57000", "57014", "57P01", "57P02", "57P03", "57P04", "57P05",
      "58000",
      "58030", "72000", "F0000", "XX000", "XX001", "XX002"})
  void what_may_pass_by_itself_leaves_everything_as_it_was_and_blames_no_record(String state) {
    raiseWhatEventsAsk();
    LogEntry[] batch = {log.append(spirit(spirit, "Ada")), log.append(event(spirit, "k", "hello")), raising(state),
        log.appendPlain("{")};

    assertThat(catchThrowable(() -> apply(batch))).isInstanceOfAny(DataAccessException.class,
        TransactionException.class);
    assertThat(events()).isEmpty();
    assertThat(deadLetters()).isEmpty();
    assertThat(reached()).isZero();

    jdbc.sql("DROP TRIGGER raise_content ON events").update();
    undo.removeLast();
    apply(batch);
    assertThat(events()).hasSize(2);
    assertThat(deadLetters()).singleElement().extracting("reason").isEqualTo("malformed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"21000", "22001", "22003", "22008", "22021", "22P02", "22P05", "23502", "23505", "23514",
      "23P01", "44000", "54000", "54001", "P0001", "P0004"})
  void what_is_about_the_data_is_told_apart(String state) {
    raiseWhatEventsAsk();
    apply(log.append(spirit(spirit, "Ada")));

    assertThatExceptionOfType(RecordRefusedException.class).isThrownBy(() -> apply(raising(state)))
        .withMessageContaining(state);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      23514 | ALTER TABLE events ADD CONSTRAINT odd CHECK (content NOT LIKE 'poison%') | ALTER TABLE events DROP CONSTRAINT odd
      54000 | CREATE INDEX odd ON events (content) WHERE content LIKE 'poison%' | DROP INDEX odd
      22003 | ALTER TABLE events ADD COLUMN odd smallint GENERATED ALWAYS AS (CASE WHEN content LIKE 'poison%' THEN length(content)::smallint END) STORED | ALTER TABLE events DROP COLUMN odd
      """)
  void real_refusals_are_about_the_data(String state, String change, String reverse) {
    change(change, reverse);
    apply(log.append(spirit(spirit, "Ada")));
    LogEntry first = log.append(event(spirit, "k", "poison" + incompressible(40_000)));
    LogEntry second = log.append(event(spirit, "l", "poison"));

    assertThatExceptionOfType(RecordRefusedException.class).isThrownBy(() -> apply(first, second))
        .withMessageContaining(state);
  }

  private static String incompressible(int length) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(Long.toString(random.nextLong(), 36));
    }
    return text.toString();
  }

  @Test
  void what_waited_and_is_refused_when_its_spirit_arrives_is_put_aside_and_everything_else_is_applied() {
    change("ALTER TABLE events ADD CONSTRAINT no_poison CHECK (content <> 'poison')",
        "ALTER TABLE events DROP CONSTRAINT no_poison");
    List<LogEntry> waiting = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      Change.EventCreated event = event(spirit, "k" + i, i % 4 == 0 ? "poison" : "hello");
      waiting.add(log.append(event));
      waiting.add(log.append(importance(spirit, event.id(), 0.5)));
    }
    waiting.forEach(this::apply);
    assertThat(deadLetters()).hasSize(18).extracting("waiting").containsOnly(true);

    LogEntry birth = log.append(spirit(spirit, "Ada"));
    LogEntry after = log.append(event(spirit, "after", "hello"));
    apply(birth, after);

    assertThat(spirits()).isEqualTo(1);
    assertThat(events()).hasSize(7).extracting("content").containsOnly("hello");
    assertThat(events().subList(0, 6)).extracting("importance_score").containsOnly(0.5);
    assertThat(deadLetters()).extracting("reason").containsExactly("refused", "unknown-event", "refused",
        "unknown-event", "refused", "unknown-event");
    assertThat(deadLetters()).extracting("waiting").containsOnly(false);
    assertThat((String) deadLetters().getFirst().get("detail")).contains("23514").contains("no_poison");

    List<String> before = letterVersions();
    waiting.forEach(this::apply);
    apply(birth, after);
    assertThat(letterVersions()).isEqualTo(before);
    assertThat(events()).hasSize(7);
  }

  @Test
  void what_waited_and_would_be_refused_at_the_commit_is_put_aside_too() {
    change("""
        CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = 'check_violation'; END $$
        """, "DROP FUNCTION refuse_poison");
    change("""
        CREATE CONSTRAINT TRIGGER refuse_poison AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.content = 'poison') EXECUTE FUNCTION refuse_poison()
        """, "DROP TRIGGER refuse_poison ON events");
    apply(log.append(event(spirit, "a", "hello")), log.append(event(spirit, "b", "poison")),
        log.append(event(spirit, "c", "hello")));

    apply(log.append(spirit(spirit, "Ada")));

    assertThat(events()).extracting("content").containsExactly("hello", "hello");
    assertThat(deadLetters()).singleElement().extracting("reason").isEqualTo("refused");
    assertThatExceptionOfType(RecordRefusedException.class)
        .isThrownBy(() -> apply(log.append(event(spirit, "d", "poison"))));
  }

  /** The failure comes after the letter was inserted: at the commit, and by the death of the connection. */
  @ParameterizedTest
  @ValueSource(strings = {"RAISE EXCEPTION 'at the commit' USING ERRCODE = '40001'",
      "PERFORM pg_terminate_backend(pg_backend_pid(), 1000)"})
  void a_dead_letter_and_its_batch_are_there_both_or_neither(String failure) {
    change(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s; RETURN NULL; END $$"
            .formatted(failure),
        "DROP FUNCTION fail");
    change("""
        CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON dead_letters DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION fail()
        """, "DROP TRIGGER fail ON dead_letters");
    LogEntry[] batch = {log.append(spirit(spirit, "Ada")), log.appendPlain("{"),
        log.append(event(spirit, "k", "hello"))};

    assertThat(catchThrowable(() -> apply(batch))).isInstanceOfAny(DataAccessException.class,
        TransactionException.class);
    assertThat(deadLetters()).isEmpty();
    assertThat(events()).isEmpty();
    assertThat(spirits()).isZero();
    assertThat(reached()).isZero();

    jdbc.sql("DROP TRIGGER fail ON dead_letters").update();
    undo.removeLast();
    apply(batch);
    assertThat(deadLetters()).hasSize(1);
    assertThat(events()).hasSize(1);
    assertThat(reached()).isEqualTo(3);
  }

  @Test
  void whatever_a_rejected_record_holds_its_letter_can_be_written_and_read_again() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    List<RecordHeader> many = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      many.add(new RecordHeader("h\u0000" + i, i % 2 == 0 ? null : all));
    }
    String duplicate = "{\"a\\ud800\\u0000\": 1, \"a\\ud800\\u0000\": 2}";
    String longName = "{\"%s\": 1, \"%s\": 2}".formatted("x".repeat(40_000), "x".repeat(40_000));
    List<ReceivedRecord> records = List.of(record(0, null, List.of(), null),
        record(1, new byte[0], List.of(), new byte[0]),
        record(2, all, many, all),
        record(3, all, List.of(new RecordHeader("", null), new RecordHeader("\ud800", all)), new byte[]{0}),
        record(4, null, List.of(), duplicate.getBytes(StandardCharsets.UTF_8)),
        record(5, null, List.of(), longName.getBytes(StandardCharsets.UTF_8)),
        record(6, null, List.of(), "[".repeat(500_000).getBytes(StandardCharsets.UTF_8)));
    records.forEach(record -> apply(LogEntry.of(log.partition(), record)));

    List<String> before = letterVersions();
    assertThat(before).hasSize(records.size());
    records.forEach(record -> apply(LogEntry.of(log.partition(), record)));
    assertThat(letterVersions()).isEqualTo(before);
    assertThat(deadLetters().get(2)).containsEntry("record_key", all).containsEntry("record_value", all);
    String headers = jdbc
        .sql("SELECT record_headers::text FROM dead_letters WHERE log_partition = :id AND first_offset = 2")
        .param("id", log.partition()).query(String.class).single();
    assertThat(HeadersJson.read(headers)).hasSize(many.size()).first().extracting(RecordHeader::name)
        .isEqualTo("h\u00000");
  }

  private static ReceivedRecord record(long offset, byte @Nullable [] key, List<RecordHeader> headers,
      byte @Nullable [] value) {
    return new ReceivedRecord(new RecordPosition("a.topic_with-odd.NAME", 0, offset), TestLog.at(offset), key, headers,
        value);
  }

  /** What a record is depends on some of its headers; a letter must not speak for one that says the same with other headers. */
  @Test
  void a_record_between_two_rejections_of_the_same_bytes_is_not_taken_for_them() {
    apply(log.append(spirit(spirit, "Ada")), named("one", "first"));
    LogEntry conflict = named("one", "second");
    LogEntry other = named("two", "second");
    LogEntry again = named("one", "second");
    LogEntry unsupported = structured("application/cloudevents+avro");
    LogEntry supported = structured("application/cloudevents+json");
    LogEntry unsupportedAgain = structured("application/cloudevents+avro");
    List<Outcome> outcomes = apply(conflict, other, again, unsupported, supported, unsupportedAgain);

    assertThat(deadLetters()).extracting("reason").containsExactly("conflict", "unsupported-type");
    assertThat(deadLetters()).extracting("occurrences").containsExactly(2L, 2L);
    assertThat(apply(conflict, other, again, unsupported, supported, unsupportedAgain))
        .containsExactlyInAnyOrderElementsOf(outcomes);
    assertThat(events()).hasSize(3);
  }

  /** An event that only its CloudEvent's name tells from others. */
  private LogEntry named(String id, String content) {
    NewEvent event = new NewEvent(spirit, "system", content, null, null, null, TestLog.START, null, Metadata.EMPTY,
        null, null,
        null);
    return log.ask(Change.EventCreated.of(event, TestLog.START, new Identity.CloudEvent("/source", id)));
  }

  private LogEntry structured(String contentType) {
    String event = """
        {"specversion": "1.0", "type": "com.elephantasm.event.created.v1", "source": "/s", "id": "1", "data":
        {"agent_id": "%s", "event_type": "system", "content": "structured"}}""".formatted(spirit);
    long offset = log.next();
    return LogEntry.of(log.partition(), record(offset, null, List.of(header("content-type", contentType),
        header("elephantasm_reply_to", "test")), event.getBytes(StandardCharsets.UTF_8)));
  }

  private static RecordHeader header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_record_that_the_writer_fails_to_read_is_malformed_and_does_not_stop_it() {
    ReceivedRecord record = record(0, null, List.of(), new byte[]{1});
    LogEntry byDefect = LogEntry.of(log.partition(), record, _ -> {
      throw new IllegalStateException("a defect");
    });
    LogEntry byDepth = LogEntry.of(log.partition(), record(1, null, List.of(), new byte[]{2}), _ -> {
      throw new StackOverflowError();
    });
    apply(byDefect, byDepth, log.skipTo(2).append(spirit(spirit, "Ada")));

    assertThat(deadLetters()).extracting("reason").containsExactly("malformed", "malformed");
    assertThat((String) deadLetters().getFirst().get("detail")).contains("a defect");
    assertThat(spirits()).isEqualTo(1);
  }

  @Test
  void a_database_that_does_not_know_the_partitions_any_more_learns_them_anew() {
    TestLog lost = new TestLog(partitions);
    LogEntry birth = lost.append(spirit(spirit, "Ada"));
    jdbc.sql("DELETE FROM log_partitions WHERE id = :id").param("id", lost.partition()).update();

    assertThat(catchThrowable(() -> apply(birth))).isInstanceOf(DataAccessException.class)
        .hasMessageContaining("registered anew");
    assertThat(spirits()).isZero();
  }

  private List<String> letterVersions() {
    return jdbc
        .sql("SELECT xmin || md5(dead_letters::text) FROM dead_letters WHERE log_partition = :id ORDER BY first_offset")
        .param("id", log.partition()).query((row, _) -> row.getString(1)).list();
  }

  private long reached() {
    return jdbc.sql("SELECT next_offset FROM log_partitions WHERE id = :id").param("id", log.partition())
        .query(Long.class).single();
  }

  private long spirits() {
    return jdbc.sql("SELECT count(*) FROM spirits WHERE id = :id").param("id", spirit.value()).query(Long.class)
        .single();
  }
}
