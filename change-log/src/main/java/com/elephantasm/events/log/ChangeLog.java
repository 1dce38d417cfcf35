package com.elephantasm.events.log;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RecordToResend;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.Redrive;
import com.elephantasm.events.schema.ReplyTo;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;

/**
 * Publishes changes. {@code send} returns before the log has the record; {@link Sent#receipt()} then waits until all in-sync
 * replicas have it, or it has failed, which is within {@link LogSettings#blockTimeout()} and
 * {@link LogSettings#deliveryTimeout()} together. Both may block their thread, so call them from a virtual one. Any number of
 * threads may; records of one spirit are in the log in the order in which one thread sent them.
 */
public final class ChangeLog {
  /** For those who rather wait than fail: room comes at the latest when what takes it has failed. */
  public static final Duration UNTIL_THERE_IS_ROOM = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final TopicCreation topics;
  private final WaitingRequests requests;
  private final UnacknowledgedBytes unacknowledged;
  private final LogMeters meters;
  private final LogSettings settings;
  private final String source;
  private final Clock clock;
  private volatile String refusal = "";
  private final SendSpans spans;

  ChangeLog(KafkaTemplate<byte[], byte[]> kafka, TopicCreation topics, WaitingRequests requests,
      UnacknowledgedBytes unacknowledged, LogMeters meters, SendSpans spans, LogSettings settings, String source,
      Clock clock) {
    this.kafka = kafka;
    this.topics = topics;
    this.requests = requests;
    this.unacknowledged = unacknowledged;
    this.meters = meters;
    this.settings = settings;
    this.source = source;
    this.clock = clock;
    this.spans = spans;
  }

  /**
   * Gets ready to publish, without publishing anything: connects to Kafka, and learns where the topics are. The first record waits
   * for that otherwise. Takes no longer than {@link LogSettings#blockTimeout()} for each of them.
   *
   * @throws RuntimeException where Kafka is away
   */
  public void warmUp() {
    if (topics.topicsExist()) {
      kafka.partitionsFor(settings.topic());
      kafka.partitionsFor(settings.outcomesTopic());
    }
  }

  /**
   * Publishes without waiting for the acknowledgement and without asking for the outcome.
   *
   * @param patience how long to wait for room where {@link LogSettings#maxUnacknowledged()} is reached; zero to fail at once
   * @param <T> of an outcome that never comes
   * @throws LogOverloadedException where there was none. Every other failure is told by {@link Sent#receipt()}.
   */
  public <T> Sent<T> send(Change change, Way way, Duration patience) {
    return new Sent<>(send(change, way, patience, (ReplyTo) null), null);
  }

  /**
   * Publishes without waiting for the acknowledgement, and asks for the outcome.
   *
   * @param patience how long to wait for room where {@link LogSettings#maxUnacknowledged()} is reached; zero to fail at once
   * @param keep what is kept of the outcome, which itself holds a whole event; must not throw
   * @return to be closed when nobody waits for the outcome any more
   * @throws LogOverloadedException where there was none. Every other failure is told by {@link Sent#receipt()}.
   */
  public <T> Sent<T> send(Change change, Way way, Duration patience, Function<Outcome, T> keep) {
    // Before it is published: the outcome may overtake the acknowledgement.
    WaitingRequests.Request<T> request = requests.open(keep);
    try {
      return new Sent<>(send(change, way, patience, request.replyTo()), request);
    } catch (RuntimeException e) {
      request.close();
      throw e;
    }
  }

  private CompletableFuture<Receipt> send(Change change, Way way, Duration patience, @Nullable ReplyTo replyTo) {
    Instant now = clock.instant();
    RecordToSend record = ChangeCodec.encode(change, source, now, replyTo);
    return send(KafkaRecords.toProducerRecord(settings.topic(), now, record), way, SpanContext.getInvalid(), patience);
  }

  /**
   * Publishes a record again that was rejected, without waiting for the acknowledgement and without asking for the outcome.
   *
   * @param rejected as it was read, or with another value
   * @param patience how long to wait for room where {@link LogSettings#maxUnacknowledged()} is reached; zero to fail at once
   * @param <T> of an outcome that never comes
   * @throws LogOverloadedException where there was none. Every other failure is told by {@link Sent#receipt()}.
   */
  public <T> Sent<T> sendAgain(ReceivedRecord rejected, Redrive redrive, Duration patience) {
    return new Sent<>(sendAgain(rejected, redrive, patience, (ReplyTo) null), null);
  }

  /**
   * The same, and asks for the outcome.
   *
   * @param keep what is kept of the outcome, which itself holds a whole event; must not throw
   * @return to be closed when nobody waits for the outcome any more
   */
  public <T> Sent<T> sendAgain(ReceivedRecord rejected, Redrive redrive, Duration patience, Function<Outcome, T> keep) {
    WaitingRequests.Request<T> request = requests.open(keep);
    try {
      return new Sent<>(sendAgain(rejected, redrive, patience, request.replyTo()), request);
    } catch (RuntimeException e) {
      request.close();
      throw e;
    }
  }

  private CompletableFuture<Receipt> sendAgain(ReceivedRecord rejected, Redrive redrive, Duration patience,
      @Nullable ReplyTo replyTo) {
    RecordToResend record = ChangeCodec.encodeAgain(rejected, redrive, clock.instant(), replyTo);
    return send(KafkaRecords.toProducerRecord(settings.topic(), record, rejected.position()), Way.REDRIVE,
        RecordTraces.of(rejected), patience);
  }

  private CompletableFuture<Receipt> send(ProducerRecord<byte[], byte[]> record, Way way, SpanContext before,
      Duration patience) {
    Optional<String> obstacle = topics.obstacle();
    if (obstacle.isPresent()) {
      // A broker that creates topics by itself would create this one with records that expire.
      return CompletableFuture.failedFuture(new LogUnavailableException(obstacle.get()));
    }
    UnacknowledgedBytes.Room room = unacknowledged.acquire(KafkaRecords.size(record), patience);
    Span span = spans.begin(record, before);
    try {
      // Neither result nor failure keeps the record, whose content may be large.
      return kafka.send(record).handle((result, e) -> {
        room.release();
        if (e != null) {
          RuntimeException failure = refused(e);
          SendSpans.failed(span, failure);
          throw failure;
        }
        meters.accepted(way);
        if (!refusal.isEmpty()) {
          refusal = "";
        }
        SendSpans.acknowledged(span, result.getRecordMetadata());
        return receipt(result);
      });
    } catch (RuntimeException e) {
      // Kafka's exceptions, Spring's around them, and those of a producer that cannot be opened or is closed already.
      room.release();
      RuntimeException failure = refused(e);
      SendSpans.failed(span, failure);
      return CompletableFuture.failedFuture(failure);
    }
  }

  /** Kafka's client tells of an outage, but not of a right that is missing. */
  private RuntimeException refused(Throwable e) {
    KafkaRefusals.describe(e, AclOperation.WRITE).filter(why -> !why.equals(refusal)).ifPresent(why -> {
      refusal = why;
      LOG.error("Nothing can be published: {}", why);
    });
    return failure(e);
  }

  private static Receipt receipt(SendResult<byte[], byte[]> result) {
    RecordMetadata metadata = result.getRecordMetadata();
    return new Receipt(new RecordPosition(metadata.topic(), metadata.partition(), metadata.offset()),
        Instant.ofEpochMilli(metadata.timestamp()));
  }

  static RuntimeException failure(Throwable e) {
    for (Throwable known = e; known != null; known = known.getCause()) {
      if (known instanceof LogUnavailableException || known instanceof ChangeTooLargeException) {
        return (RuntimeException) known;
      }
    }
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
    return cause instanceof RecordTooLargeException
        ? new ChangeTooLargeException(cause)
        : new LogUnavailableException("Kafka did not acknowledge the record: " + cause.getMessage(), cause);
  }
}
