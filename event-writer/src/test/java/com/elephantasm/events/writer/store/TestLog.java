package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.DedupeKey;
import com.elephantasm.events.schema.EventAmendment;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.FieldChange.SetTo;
import com.elephantasm.events.schema.FieldChange.Unchanged;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.NewSpirit;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RecordToResend;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.Redrive;
import com.elephantasm.events.schema.ReplyTo;
import com.elephantasm.events.schema.SpiritAmendment;
import com.elephantasm.events.schema.SpiritId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A partition of a log: gives each record its place, as Kafka would, through the real codec. */
final class TestLog {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String TOPIC = "elephantasm.events";
  private static final ReplyTo ASKER = new ReplyTo("test", "1");

  private final int partition;
  private long next;

  TestLog(LogPartitions partitions) {
    this(partitions, UUID.randomUUID(), 0);
  }

  TestLog(LogPartitions partitions, UUID topicId, long firstOffset) {
    this.partition = partitions.idOf(topicId, TOPIC, 0);
    this.next = firstOffset;
  }

  int partition() {
    return partition;
  }

  /** Leaves room, so that a later record can be given an earlier place. */
  TestLog skipTo(long offset) {
    next = offset;
    return this;
  }

  /** A place for a record that is made elsewhere. */
  long next() {
    return next++;
  }

  LogEntry append(Change change) {
    return append(change, null);
  }

  /** A record whose sender asks for the outcome. */
  LogEntry ask(Change change) {
    return append(change, ASKER);
  }

  private LogEntry append(Change change, @Nullable ReplyTo replyTo) {
    RecordToSend record = ChangeCodec.encode(change, "/test", START, replyTo);
    return entry(new ReceivedRecord(position(), at(next++), record.key(), record.headers(), record.value()));
  }

  /** The record of an entry once more, as if an operator had redriven it. */
  LogEntry redrive(LogEntry entry, UUID id) {
    RecordToResend record = ChangeCodec.encodeAgain(entry.record(), Redrive.of(entry.record(), id), at(next), null);
    ReceivedRecord again = new ReceivedRecord(position(), record.timestamp(), record.key(), record.headers(),
        record.value());
    next++;
    return entry(again);
  }

  LogEntry appendPlain(@Nullable String value) {
    byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
    return entry(new ReceivedRecord(position(), at(next++), null, List.of(), bytes));
  }

  private LogEntry entry(ReceivedRecord record) {
    return new LogEntry(partition, record, ChangeCodec.decode(record));
  }

  private RecordPosition position() {
    return new RecordPosition(TOPIC, 0, next);
  }

  /** The time of the record at an offset: a second for each. */
  static Instant at(long offset) {
    return START.plusSeconds(offset);
  }

  static Change.SpiritCreated spirit(SpiritId id, String name) {
    return new Change.SpiritCreated(id, new NewSpirit(name, null, Metadata.EMPTY));
  }

  static Change.SpiritAmended deletion(SpiritId id) {
    return new Change.SpiritAmended(id, SpiritAmendment.deletion());
  }

  static Change.EventCreated event(SpiritId spirit, String key, String content) {
    NewEvent event = new NewEvent(spirit, "message.in", content, null, null, null, null, null, Metadata.EMPTY, null,
        new DedupeKey(key), null);
    return Change.EventCreated.of(event, START, new Identity.CloudEvent("/unused", "unused"));
  }

  static Change.EventAmended importance(SpiritId spirit, EventId event, double importance) {
    return new Change.EventAmended(spirit, event, new EventAmendment(new Unchanged<>(), new SetTo<>(importance),
        new Unchanged<>(), new Unchanged<>(), new Unchanged<>(), new Unchanged<>()));
  }
}
