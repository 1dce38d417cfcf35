package com.elephantasm.events.http;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * Decides about a span that begins a trace and is linked to one that is followed, such as a batch to one of its records, as if it
 * belonged to that one; about all others as another sampler does.
 */
final class LinkedSampler implements Sampler {
  private final Sampler others;

  LinkedSampler(Sampler others) {
    this.others = others;
  }

  @Override
  public SamplingResult shouldSample(Context parent, String traceId, String name, SpanKind kind, Attributes attributes,
      List<LinkData> links) {
    Context decisive = parent;
    if (!Span.fromContext(parent).getSpanContext().isValid()) {
      for (LinkData link : links) {
        if (link.getSpanContext().isSampled()) {
          decisive = Context.root().with(Span.wrap(link.getSpanContext()));
          break;
        }
      }
    }
    return others.shouldSample(decisive, traceId, name, kind, attributes, links);
  }

  @Override
  public String getDescription() {
    return "Linked{" + others.getDescription() + "}";
  }
}
