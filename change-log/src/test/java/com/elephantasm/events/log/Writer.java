package com.elephantasm.events.log;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.ReplyTo;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the log from now on and answers whoever asks. */
final class Writer implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final OutcomePublisher outcomes;
  private final Function<Change, Outcome> store;
  private final CompletableFuture<Void> running;
  private volatile boolean closed;

  Writer(KafkaConsumer<byte[], byte[]> consumer, String topic, OutcomePublisher outcomes,
      Function<Change, Outcome> store) {
    this.consumer = consumer;
    this.outcomes = outcomes;
    this.store = store;
    List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
        .map(p -> new TopicPartition(topic, p.partition())).toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    running = CompletableFuture.runAsync(this::run);
  }

  private void run() {
    while (!closed) {
      consumer.poll(Duration.ofMillis(100)).forEach(record -> answer(KafkaRecords.received(record)));
    }
    consumer.close();
  }

  private void answer(ReceivedRecord record) {
    ReplyTo replyTo = record.replyTo();
    if (replyTo != null && ChangeCodec.decode(record) instanceof DecodedChange.Readable(Change change)) {
      outcomes.publish(store.apply(change), record.position(), replyTo);
    }
  }

  @Override
  public void close() {
    closed = true;
    running.join();
  }
}
