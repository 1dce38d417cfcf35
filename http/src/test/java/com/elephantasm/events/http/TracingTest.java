package com.elephantasm.events.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Which requests are followed, by the settings and by what the caller says. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TracingTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final SpanContext FOLLOWED = caller(TraceFlags.getSampled());
  private static final SpanContext NOT_FOLLOWED = caller(TraceFlags.getDefault());

  private final ApplicationContextRunner withoutReceiver = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(OpenTelemetrySdkAutoConfiguration.class,
          OpenTelemetryTracingAutoConfiguration.class, OtlpTracingAutoConfiguration.class))
      .withUserConfiguration(TracingConfiguration.class)
      .withPropertyValues("management.tracing.sampling.probability=1");
  /** Which nobody asks, as no span here ends. */
  private final ApplicationContextRunner withReceiver = withoutReceiver
      .withPropertyValues("management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:9/v1/traces");

  private static SpanContext caller(TraceFlags flags) {
    return SpanContext.createFromRemoteParent(TRACE, "00f067aa0ba902b7", flags, TraceState.getDefault());
  }

  /** @param caller not valid where the caller says nothing */
  private static void assertFollowed(ApplicationContextRunner service, SpanContext caller, boolean followed) {
    service.run(context -> {
      Context request = Context.root().with(Span.wrap(caller));
      Span span = context.getBean(OpenTelemetry.class).getTracer("test").spanBuilder("request").setParent(request)
          .startSpan();
      assertThat(span.isRecording()).isEqualTo(followed);
      assertThat(span.getSpanContext().isSampled()).isEqualTo(followed);
    });
  }

  @Test
  void without_a_receiver_nothing_is_followed() {
    assertFollowed(withoutReceiver, SpanContext.getInvalid(), false);
    assertFollowed(withoutReceiver, FOLLOWED, false);
  }

  @Test
  void the_probability_is_that_of_requests_whose_caller_does_not_say() {
    assertFollowed(withReceiver, SpanContext.getInvalid(), true);
    assertFollowed(withReceiver, NOT_FOLLOWED, false);

    ApplicationContextRunner none = withReceiver.withPropertyValues("management.tracing.sampling.probability=0");
    assertFollowed(none, SpanContext.getInvalid(), false);
    assertFollowed(none, FOLLOWED, true);
  }

  @Test
  void a_caller_need_not_have_a_say() {
    ApplicationContextRunner own = withReceiver
        .withPropertyValues("management.opentelemetry.tracing.sampler=trace-id-ratio");
    assertFollowed(own, NOT_FOLLOWED, true);
    assertFollowed(own.withPropertyValues("management.tracing.sampling.probability=0"), FOLLOWED, false);
  }
}
