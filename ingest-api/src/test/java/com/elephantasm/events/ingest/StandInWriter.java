package com.elephantasm.events.ingest;

import com.elephantasm.events.log.KafkaRecords;
import com.elephantasm.events.log.OutcomePublisher;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.NewSpirit;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.ReplyTo;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log as the writer does, answers as each test tells it to, and has no store. Where a test says nothing, what
 * is created is stored, and what amends something is left without an answer.
 */
final class StandInWriter implements AutoCloseable {
  /** What was read, and what it says. */
  record Read(ReceivedRecord record, Change change) {}

  private final Map<SpiritId, BiFunction<Change, Instant, @Nullable Outcome>> rules = new ConcurrentHashMap<>();
  private final List<Read> reads = new CopyOnWriteArrayList<>();
  private final String bootstrapServers;
  private final OutcomePublisher outcomes;
  private final Thread thread;
  private volatile boolean running = true;

  StandInWriter(String bootstrapServers, OutcomePublisher outcomes) {
    this.bootstrapServers = bootstrapServers;
    this.outcomes = outcomes;
    this.thread = Thread.ofPlatform().name("stand-in-writer").start(this::run);
  }

  /** From now on answers changes of that spirit so; null is no answer. */
  void answer(SpiritId spirit, BiFunction<Change, Instant, @Nullable Outcome> rule) {
    rules.put(spirit, rule);
  }

  List<Read> reads(Predicate<Change> wanted) {
    return reads.stream().filter(read -> wanted.test(read.change())).toList();
  }

  private void run() {
    Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers);
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(),
        new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = consumer.partitionsFor("elephantasm.events").stream()
          .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (running) {
        consumer.poll(Duration.ofMillis(100)).forEach(this::read);
      }
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    ReceivedRecord received = KafkaRecords.received(record);
    if (!(ChangeCodec.decode(received) instanceof DecodedChange.Readable(Change change))) {
      throw new IllegalStateException("the ingest-api published what nobody can read: " + received.position());
    }
    reads.add(new Read(received, change));
    ReplyTo replyTo = received.replyTo();
    Outcome outcome = rules.getOrDefault(change.spiritId(), StandInWriter::stored).apply(change, received.timestamp());
    if (replyTo != null && outcome != null) {
      outcomes.publish(outcome, received.position(), replyTo);
    }
  }

  private static @Nullable Outcome stored(Change change, Instant at) {
    return switch (change) {
      case Change.SpiritCreated(SpiritId id, NewSpirit spirit) ->
        new Outcome.SpiritStored(Spirit.created(id, spirit, at));
      case Change.EventCreated created -> new Outcome.EventStored(created.stored(at));
      case Change.SpiritAmended _,Change.EventAmended _ -> null;
    };
  }

  static SpiritId newSpirit() {
    return new SpiritId(UUID.randomUUID());
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
