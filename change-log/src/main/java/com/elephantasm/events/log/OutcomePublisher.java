package com.elephantasm.events.log;

import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.OutcomeCodec;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.ReplyTo;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.core.KafkaTemplate;

/** Tells those who asked what became of their change. */
public final class OutcomePublisher {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomePublisher.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final String topic;
  private final LogMeters meters;
  private final Clock clock;
  private final AtomicLong pausedUntil = new AtomicLong(System.nanoTime());

  OutcomePublisher(KafkaTemplate<byte[], byte[]> kafka, String topic, LogMeters meters, Clock clock) {
    this.kafka = kafka;
    this.topic = topic;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * To be called after the commit. Does not wait for the acknowledgement and never fails: whoever asked is told "accepted" where
   * no outcome arrives, which is true. While Kafka is away a call may block for {@link LogSettings#blockTimeout()}, but then the
   * outcomes of the next second are dropped at once, so that a batch of them does not hold up the store.
   */
  public void publish(Outcome outcome, RecordPosition position, ReplyTo replyTo) {
    if (isPaused()) {
      meters.outcomeDropped();
      return;
    }
    try {
      ProducerRecord<byte[], byte[]> record = KafkaRecords.toProducerRecord(topic, clock.instant(),
          OutcomeCodec.encode(outcome, position, replyTo));
      kafka.send(record).whenComplete((_, e) -> {
        if (e == null) {
          meters.outcomePublished();
        } else {
          failed(position, e);
        }
      });
    } catch (RuntimeException e) {
      failed(position, e);
    }
  }

  private boolean isPaused() {
    return System.nanoTime() - pausedUntil.get() < 0;
  }

  private void failed(RecordPosition position, Throwable e) {
    meters.outcomeDropped();
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
    if (cause instanceof RecordTooLargeException) {
      LOG.warn("The outcome of {} is too large to publish: {}", position, cause.getMessage());
    } else {
      pause(position, cause);
    }
  }

  private void pause(RecordPosition position, Throwable cause) {
    boolean first = !isPaused();
    pausedUntil.set(System.nanoTime() + PAUSE.toNanos());
    if (first) {
      LOG.warn("Could not publish the outcome of {}, dropping those of the next second: {}", position,
          KafkaRefusals.describe(cause, AclOperation.WRITE).orElseGet(cause::toString));
    }
  }
}
