package com.elephantasm.events.writer.consume;

import com.elephantasm.events.log.RecordTraces;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.writer.store.LogEntry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The spans of batches, by OpenTelemetry's semantic conventions for Kafka and databases. A batch has a trace of its own and is
 * linked to the spans that published its records. A record whose own trace is followed has a span there too, from when it was
 * read until it was committed, and linked to the batch: so one trace leads from the request to the transaction.
 */
final class BatchTraces {
  private static final AttributeKey<Long> MESSAGE_COUNT = AttributeKey.longKey("messaging.batch.message_count");
  private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
  private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");

  /** @param publishing the span that published it */
  private record Followed(LogEntry entry, SpanContext publishing) {}

  private final Tracer tracer;
  private final String group;

  BatchTraces(Tracer tracer, String group) {
    this.tracer = tracer;
    this.group = group;
  }

  /**
   * Runs the work on a batch as a part of its trace.
   *
   * @param read when it was
   */
  void process(List<LogEntry> batch, Instant read, Consumer<BatchTrace> work) {
    List<Followed> followed = followed(batch);
    SpanBuilder builder = process(batch.getFirst(), read).setAttribute(MESSAGE_COUNT, (long) batch.size());
    followed.forEach(one -> builder.addLink(one.publishing()));
    Span span = builder.startSpan();
    Map<RecordPosition, Span> records = HashMap.newHashMap(followed.size());
    followed.forEach(one -> records.put(one.entry().record().position(), ofRecord(one, read, span.getSpanContext())));
    BatchTrace trace = new BatchTrace(tracer, span, records);
    try (Scope _ = span.makeCurrent()) {
      work.accept(trace);
    } catch (RuntimeException | Error e) {
      trace.failed(e);
      throw e;
    } finally {
      trace.end();
    }
  }

  private static List<Followed> followed(List<LogEntry> batch) {
    List<Followed> followed = new ArrayList<>();
    for (LogEntry entry : batch) {
      SpanContext publishing = RecordTraces.of(entry.record());
      if (publishing.isSampled()) {
        followed.add(new Followed(entry, publishing));
        if (followed.size() == RecordTraces.MAX_FOLLOWED) {
          break;
        }
      }
    }
    return followed;
  }

  private Span ofRecord(Followed record, Instant read, SpanContext batch) {
    RecordPosition position = record.entry().record().position();
    return process(record.entry(), read).setParent(Context.root().with(Span.wrap(record.publishing()))).addLink(batch)
        .setAttribute(PARTITION, Integer.toString(position.partition())).setAttribute(OFFSET, position.offset())
        .startSpan();
  }

  private SpanBuilder process(LogEntry entry, Instant read) {
    String topic = entry.record().position().topic();
    return tracer.spanBuilder("process " + topic).setSpanKind(SpanKind.CONSUMER).setStartTimestamp(read)
        .setAttribute("messaging.system", "kafka").setAttribute("messaging.destination.name", topic)
        .setAttribute("messaging.consumer.group.name", group).setAttribute("messaging.operation.name", "process")
        .setAttribute("messaging.operation.type", "process");
  }

  /** Runs what is done until batches that failed are stored: it, and what it logs, is one trace. */
  void tryAgain(Runnable tries) {
    Span span = tracer.spanBuilder("retry").startSpan();
    try (Scope _ = span.makeCurrent()) {
      tries.run();
    } finally {
      span.end();
    }
  }
}
