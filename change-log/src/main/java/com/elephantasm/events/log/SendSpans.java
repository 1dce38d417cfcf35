package com.elephantasm.events.log;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Spans of records on their way into the log, named and described as OpenTelemetry's semantic conventions for Kafka say. A record
 * whose request nobody follows has neither span nor headers: it costs no more than a look at the request.
 */
final class SendSpans {
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
  private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");

  private final Tracer tracer;

  SendSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  /**
   * Begins the span of a record and puts its name into the record's headers.
   *
   * @param before the span by which the same record was published first; not valid where there was none
   */
  Span begin(ProducerRecord<byte[], byte[]> record, SpanContext before) {
    Context request = Context.current();
    if (!RecordTraces.follow(request)) {
      return Span.getInvalid();
    }
    SpanBuilder builder = tracer.spanBuilder("send " + record.topic()).setParent(request)
        .setSpanKind(SpanKind.PRODUCER).setAttribute("messaging.system", "kafka")
        .setAttribute("messaging.destination.name", record.topic()).setAttribute("messaging.operation.name", "send")
        .setAttribute("messaging.operation.type", "send");
    if (before.isValid()) {
      builder.addLink(before);
    }
    Span span = builder.startSpan();
    W3CTraceContextPropagator.getInstance().inject(request.with(span), record,
        (_, name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return span;
  }

  static void acknowledged(Span span, RecordMetadata metadata) {
    if (span.isRecording()) {
      span.setAttribute(PARTITION, Integer.toString(metadata.partition()));
      span.setAttribute(OFFSET, metadata.offset());
      span.end();
    }
  }

  /** Says what kind of failure it was; a message could quote the record. */
  static void failed(Span span, Throwable failure) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute(ERROR_TYPE, failure.getClass().getName());
    span.end();
  }
}
