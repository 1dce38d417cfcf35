package com.elephantasm.events.writer.consume;

import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.writer.store.LogEntry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A batch that is under way. */
final class BatchTrace {
  private static final AttributeKey<Long> BATCH_SIZE = AttributeKey.longKey("db.operation.batch.size");
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private final Tracer tracer;
  private final Span batch;
  /** Of the records whose own trace is followed, and that are not stored yet. */
  private final Map<RecordPosition, Span> records;

  BatchTrace(Tracer tracer, Span batch, Map<RecordPosition, Span> records) {
    this.tracer = tracer;
    this.batch = batch;
    this.records = records;
  }

  /** Runs a transaction that stores these entries of the batch, unless it throws. */
  <T> T inTransaction(List<LogEntry> entries, Supplier<T> transaction) {
    Instant begin = Instant.now();
    Span span = transaction(entries).startSpan();
    try (Scope _ = span.makeCurrent()) {
      T result = transaction.get();
      if (!records.isEmpty()) {
        entries.forEach(entry -> stored(entry, entries, begin));
      }
      return result;
    } catch (RuntimeException | Error e) {
      failed(span, e);
      throw e;
    } finally {
      span.end();
    }
  }

  private SpanBuilder transaction(List<LogEntry> entries) {
    return tracer.spanBuilder("transaction").setSpanKind(SpanKind.CLIENT).setAttribute("db.system.name", "postgresql")
        .setAttribute(BATCH_SIZE, (long) entries.size());
  }

  private void stored(LogEntry entry, List<LogEntry> entries, Instant begin) {
    Span record = records.remove(entry.record().position());
    if (record != null) {
      transaction(entries).setParent(Context.root().with(record)).addLink(batch.getSpanContext())
          .setStartTimestamp(begin).startSpan().end();
      record.end();
    }
  }

  void failed(Throwable failure) {
    failed(batch, failure);
    records.values().forEach(record -> failed(record, failure));
  }

  /** Says what kind of failure it was; a message could quote a record. */
  private static void failed(Span span, Throwable failure) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute(ERROR_TYPE, failure.getClass().getName());
  }

  void end() {
    records.values().forEach(Span::end);
    batch.end();
  }
}
