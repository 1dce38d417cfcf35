package com.elephantasm.events.log;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.ReplyTo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;

/**
 * Publishes changes. A call returns when all in-sync replicas have the record, or fails within
 * {@link LogSettings#blockTimeout()} and {@link LogSettings#deliveryTimeout()} together; it blocks its thread, so call it from
 * a virtual one. Any number of threads may.
 */
public final class ChangeLog {
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final TopicCreation topics;
  private final WaitingRequests requests;
  private final String topic;
  private final String source;
  private final Clock clock;

  ChangeLog(KafkaTemplate<byte[], byte[]> kafka, TopicCreation topics, WaitingRequests requests, String topic,
      String source, Clock clock) {
    this.kafka = kafka;
    this.topics = topics;
    this.requests = requests;
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
   * Publishes and waits for what the writer makes of it. When the service stops, the wait ends early.
   *
   * @param wait how long, from now; publishing itself is not cut short by it
   * @throws LogUnavailableException where the log did not acknowledge it; try again later
   * @throws ChangeTooLargeException where it never will
   */
  public Answer publishAndAwait(Change change, Duration wait) {
    long deadline = System.nanoTime() + wait.toNanos();
    // Before it is published: the outcome may overtake the acknowledgement.
    try (WaitingRequests.Request request = requests.open()) {
      Receipt receipt = publish(change, request.replyTo());
      return request.await(deadline)
          .<Answer>map(outcome -> new Answer.Settled(receipt, outcome))
          .orElseGet(() -> new Answer.Pending(receipt));
    }
  }

  private Receipt publish(Change change, @Nullable ReplyTo replyTo) {
    if (!topics.topicsExist()) {
      // A broker that creates topics by itself would create this one with records that expire.
      throw new LogUnavailableException("Kafka has not been there since this service started");
    }
    Instant now = clock.instant();
    RecordToSend record = ChangeCodec.encode(change, source, now, replyTo);
    ProducerRecord<byte[], byte[]> request = KafkaRecords.toProducerRecord(topic, now, record);
    try {
      return receipt(kafka.send(request).get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("the service is stopping", e);
    } catch (ExecutionException | RuntimeException e) {
      // Kafka's exceptions, Spring's around them, and those of a producer that cannot be opened or is closed already.
      throw failure(e);
    }
  }

  private static Receipt receipt(SendResult<byte[], byte[]> result) {
    RecordMetadata metadata = result.getRecordMetadata();
    return new Receipt(new RecordPosition(metadata.topic(), metadata.partition(), metadata.offset()),
        Instant.ofEpochMilli(metadata.timestamp()));
  }

  private static RuntimeException failure(Exception e) {
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
    return cause instanceof RecordTooLargeException
        ? new ChangeTooLargeException(cause)
        : new LogUnavailableException("Kafka did not acknowledge the record: " + cause.getMessage(), e);
  }
}
