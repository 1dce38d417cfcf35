package com.elephantasm.events.benchmarks.functions;

import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.Decoded;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.UnknownFields;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What each event goes through on its way; an operation is one event of about 500 bytes, another one each time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class HotFunctions {
  // A power of two, so that taking the next one costs nothing.
  private static final int COUNT = 1 << 10;
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final String SOURCE = "/elephantasm";

  private final Events events = Events.forAbout(COUNT, 1);
  private final Change.EventCreated[] changes = IntStream.range(0, COUNT).mapToObj(events::change)
      .toArray(Change.EventCreated[]::new);
  private final ReceivedRecord[] records = IntStream.range(0, COUNT).mapToObj(this::received)
      .toArray(ReceivedRecord[]::new);
  private final byte[][] bodies = IntStream.range(0, COUNT).mapToObj(number -> events.record(number).value())
      .toArray(byte[][]::new);
  private int next;

  private ReceivedRecord received(int number) {
    RecordToSend record = events.record(number);
    return new ReceivedRecord(new RecordPosition("elephantasm.events", 0, number), NOW, record.key(), record.headers(),
        record.value());
  }

  private int next() {
    return next++ & COUNT - 1;
  }

  /** The writer: a record of the log to the change that it says, with everything checked, its identity and the event's id. */
  @Benchmark
  public DecodedChange decode() {
    return ChangeCodec.decode(records[next()]);
  }

  /** The ingest-api: a body to an event, by the letter of the contract. */
  @Benchmark
  public Decoded<NewEvent> validate() {
    return NewEvent.fromJson(bodies[next()], UnknownFields.REJECT);
  }

  /** Both: the identity of an event, which for one in ten is a generated key, and its id. */
  @Benchmark
  public Change.EventCreated identify() {
    Change.EventCreated change = changes[next()];
    return Change.EventCreated.of(change.event(), NOW, new Identity.CloudEvent(SOURCE, "id"));
  }

  /** The ingest-api: an event to a record of the log. */
  @Benchmark
  public RecordToSend encode() {
    return ChangeCodec.encode(changes[next()], SOURCE, NOW, null);
  }
}
