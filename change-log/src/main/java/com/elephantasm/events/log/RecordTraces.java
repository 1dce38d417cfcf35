package com.elephantasm.events.log;

import com.elephantasm.events.schema.HeaderNames;
import com.elephantasm.events.schema.ReceivedRecord;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The traces that records are part of, as their headers say it: {@code traceparent} and {@code tracestate} of W3C's Trace Context,
 * as OpenTelemetry carries them through Kafka.
 */
public final class RecordTraces {
  /** How many records of one request, and of one batch, have spans of their own at most: an upload may have millions of them. */
  public static final int MAX_FOLLOWED = 128;

  private static final ContextKey<AtomicInteger> FOLLOWED_RECORDS = ContextKey.named("elephantasm-followed-records");

  private RecordTraces() {}

  /** The span that published the record; not valid where the headers name none, or not in a way that can be read. */
  public static SpanContext of(ReceivedRecord record) {
    if (record.header(HeaderNames.TRACE_PARENT) == null) {
      return SpanContext.getInvalid();
    }
    Context context = W3CTraceContextPropagator.getInstance().extract(Context.root(), record, Headers.INSTANCE);
    return Span.fromContext(context).getSpanContext();
  }

  /** Where this is current, log lines are about the record: they carry the ids of its trace, if it has one. */
  public static Context about(ReceivedRecord record) {
    SpanContext trace = of(record);
    return trace.isValid() ? Context.current().with(Span.wrap(trace)) : Context.current();
  }

  /** The current request as one that publishes many records, of which only the first {@link #MAX_FOLLOWED} are followed. */
  public static Context ofManyRecords() {
    return Context.current().with(FOLLOWED_RECORDS, new AtomicInteger());
  }

  /** Whether one more record of the request is to be followed. */
  static boolean follow(Context request) {
    if (!Span.fromContext(request).getSpanContext().isSampled()) {
      return false;
    }
    AtomicInteger followed = request.get(FOLLOWED_RECORDS);
    return followed == null || followed.get() < MAX_FOLLOWED && followed.incrementAndGet() <= MAX_FOLLOWED;
  }

  private enum Headers implements TextMapGetter<ReceivedRecord> {
    INSTANCE;

    @Override
    public Iterable<String> keys(ReceivedRecord record) {
      return List.of(HeaderNames.TRACE_PARENT, HeaderNames.TRACE_STATE);
    }

    @Override
    public @Nullable String get(@Nullable ReceivedRecord record, String name) {
      return record == null ? null : record.header(name);
    }
  }
}
