package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.OutcomeCodec;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.ReplyTo;
import com.elephantasm.events.writer.store.Fates.Fate;
import com.elephantasm.events.writer.store.HostileRecords.Hostile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** For any bytes on the topic the writer goes on. */
class AnyBytesTest extends StoreTest {
  private static final int RECORDS_TO_READ = 30_000;
  private static final int RECORDS_TO_STORE = 10_000;
  private static final int BATCH = 500;

  @Test
  void any_record_can_be_read_its_outcome_published_and_its_letter_written() {
    HostileRecords records = new HostileRecords(Seeds.first());
    int readable = 0;
    for (int i = 0; i < Seeds.times(RECORDS_TO_READ); i++) {
      Hostile hostile = records.next();
      ReceivedRecord record = received(hostile, i);
      try {
        LogEntry entry = new LogEntry(1, record, ChangeCodec.decode(record));
        readable += entry.content() instanceof DecodedChange.Readable ? 1 : 0;
        check(entry);
      } catch (RuntimeException | AssertionError | StackOverflowError e) {
        throw new AssertionError("record %d of -Dtests.seed=%d: %s".formatted(i, Seeds.first(), shown(hostile)),
            e);
      }
    }
    // Neither nearly all nor nearly none, or it is not the edge that is tried.
    assertThat(readable).isBetween(Seeds.times(RECORDS_TO_READ) / 5, Seeds.times(RECORDS_TO_READ) * 4 / 5);
  }

  private static void check(LogEntry entry) {
    ReplyTo replyTo = entry.record().replyTo();
    ReplyTo asker = replyTo == null ? new ReplyTo("\u0000", "") : replyTo;
    switch (entry.content()) {
      case DecodedChange.Unreadable(var reason, String detail) -> {
        Outcome outcome = Outcomes.rejected(entry, reason, detail);
        RecordToSend sent = OutcomeCodec.encode(outcome, entry.record().position(), asker);
        assertThat(OutcomeCodec.decode(sent.value())).hasToString("Valid[value=" + outcome + "]");
      }
      case DecodedChange.Readable(Change change) -> {
        if (!(change instanceof Change.EventCreated created && created.identity() instanceof Identity.Position)) {
          RecordToSend again = ChangeCodec.encode(change, "/again", TestLog.START, null);
          ReceivedRecord record = new ReceivedRecord(entry.record().position(), entry.record().timestamp(), again.key(),
              again.headers(), again.value());
          assertThat(ChangeCodec.decode(record)).isEqualTo(entry.content());
        }
      }
    }
    RecordDigest.of(entry, RejectionReason.CONFLICT);
    assertThat(HeadersJson.read(HeadersJson.of(entry.record().headers()))).hasSameSizeAs(entry.record().headers());
  }

  /** Nothing that validates may be refused: then it would have to be isolated. */
  @Test
  void any_records_are_applied_without_a_failure_and_each_is_a_row_a_dead_letter_or_a_repetition() {
    HostileRecords records = new HostileRecords(Seeds.first());
    List<LogEntry> all = new ArrayList<>();
    for (int from = 0; from < Seeds.times(RECORDS_TO_STORE); from += BATCH) {
      List<LogEntry> batch = new ArrayList<>();
      for (int i = from; i < from + BATCH; i++) {
        batch.add(LogEntry.of(log.partition(), received(records.next(), i)));
      }
      store.apply(batch);
      all.addAll(batch);
    }

    Fates stored = new Fates(jdbc, log.partition());
    List<Fate> fates = all.stream().map(stored::of).toList();
    assertThat(fates).contains(Fate.ROW, Fate.DEAD_LETTER, Fate.REPETITION).doesNotContain(Fate.NOTHING);
    assertThat(stored.occurrences()).isEqualTo(fates.stream().filter(Fate.DEAD_LETTER::equals).count());
  }

  static ReceivedRecord received(Hostile hostile, long offset) {
    return new ReceivedRecord(new RecordPosition("elephantasm.events", 0, offset), TestLog.at(offset), hostile.key(),
        hostile.headers(), hostile.value());
  }

  /** So that it survives any report. */
  private static String shown(Hostile hostile) {
    String headers = hostile.headers().stream()
        .map(header -> shown(header.name().getBytes(StandardCharsets.UTF_8)) + "="
            + shown(header.value()))
        .collect(Collectors.joining(", "));
    return "key %s, headers [%s], value %s".formatted(shown(hostile.key()), headers, shown(hostile.value()));
  }

  private static String shown(byte @Nullable [] bytes) {
    StringBuilder shown = new StringBuilder();
    for (byte b : bytes == null ? new byte[0] : bytes) {
      shown.append(b >= ' ' && b < 0x7F ? String.valueOf((char) b) : "\\x%02x".formatted(b));
    }
    return bytes == null ? "null" : shown.toString();
  }
}
