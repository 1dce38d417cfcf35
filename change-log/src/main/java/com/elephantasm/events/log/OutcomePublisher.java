package com.elephantasm.events.log;

import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.OutcomeCodec;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.ReplyTo;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** Tells those who asked what became of their change. */
public final class OutcomePublisher {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomePublisher.class);
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final String topic;
  private final Clock clock;

  OutcomePublisher(KafkaTemplate<byte[], byte[]> kafka, String topic, Clock clock) {
    this.kafka = kafka;
    this.topic = topic;
    this.clock = clock;
  }

  /**
   * To be called after the commit. Does not wait for Kafka: whoever asked is told "accepted" where no outcome arrives, which
   * is true, and the store must not wait for a courtesy.
   */
  public void publish(Outcome outcome, RecordPosition position, ReplyTo replyTo) {
    try {
      kafka.send(KafkaRecords.toProducerRecord(topic, clock.instant(), OutcomeCodec.encode(outcome, position, replyTo)))
          .whenComplete((_, e) -> {
            if (e != null) {
              LOG.warn("Could not publish the outcome of {}", position, e);
            }
          });
    } catch (RuntimeException e) {
      LOG.warn("Could not publish the outcome of {}", position, e);
    }
  }
}
