package com.elephantasm.events.log;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.ReplyTo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;

/**
 * Publishes changes. A call returns when all in-sync replicas have the record, or fails within the bounds of
 * {@link LogSettings}; it blocks its thread, so call it from a virtual one.
 */
public final class ChangeLog {
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final OutcomeListener outcomes;
  private final String topic;
  private final String source;
  private final Clock clock;

  ChangeLog(KafkaTemplate<byte[], byte[]> kafka, OutcomeListener outcomes, String topic, String source, Clock clock) {
    this.kafka = kafka;
    this.outcomes = outcomes;
    this.topic = topic;
    this.source = source;
    this.clock = clock;
  }

  /**
   * Publishes without asking for the outcome.
   *
   * @throws LogUnavailableException where the log did not acknowledge it; try again later
   * @throws ChangeTooLargeException where it never will
   */
  public Receipt publish(Change change) {
    return publish(change, null);
  }

  /**
   * Publishes and waits for what the writer makes of it.
   *
   * @param wait how long, from now; publishing itself is not cut short by it
   * @throws LogUnavailableException where the log did not acknowledge it; try again later
   * @throws ChangeTooLargeException where it never will
   */
  public Answer publishAndAwait(Change change, Duration wait) {
    long deadline = System.nanoTime() + wait.toNanos();
    ReplyTo replyTo = outcomes.newRequest();
    // Before it is published: the outcome may overtake the acknowledgement.
    CompletableFuture<Outcome> outcome = outcomes.expect(replyTo);
    try {
      Receipt receipt = publish(change, replyTo);
      return await(outcome, deadline)
          .<Answer>map(settled -> new Answer.Settled(receipt, settled))
          .orElseGet(() -> new Answer.Pending(receipt));
    } finally {
      outcomes.forget(replyTo);
    }
  }

  private static Optional<Outcome> await(CompletableFuture<Outcome> outcome, long deadline) {
    try {
      return Optional.of(outcome.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      // The service stops; the log has the change, so it is accepted.
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an outcome never fails", e);
    }
  }

  private Receipt publish(Change change, @Nullable ReplyTo replyTo) {
    Instant now = clock.instant();
    RecordToSend record = ChangeCodec.encode(change, source, now, replyTo);
    ProducerRecord<byte[], byte[]> request = KafkaRecords.toProducerRecord(topic, now, record);
    try {
      return receipt(kafka.send(request).get());
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("the service is stopping", e);
    }
  }

  private static Receipt receipt(SendResult<byte[], byte[]> result) {
    RecordMetadata metadata = result.getRecordMetadata();
    return new Receipt(new RecordPosition(metadata.topic(), metadata.partition(), metadata.offset()),
        Instant.ofEpochMilli(metadata.timestamp()));
  }

  private static RuntimeException failure(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof RecordTooLargeException) {
        return new ChangeTooLargeException(t);
      }
    }
    return new LogUnavailableException("Kafka did not acknowledge the record: " + cause.getMessage(), cause);
  }
}
