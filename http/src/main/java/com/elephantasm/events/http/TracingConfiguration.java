package com.elephantasm.events.http;

import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SdkTracerProviderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which requests and batches are followed, and how log lines name the traces. The rest is Boot's. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {
  /** Nothing is recorded that nobody takes, whatever clients ask for. */
  @Bean
  SdkTracerProviderBuilderCustomizer followed(ObjectProvider<Sampler> configured,
      ObjectProvider<SpanExporter> exporters) {
    return builder -> {
      Sampler sampler = exporters.stream().findAny().isPresent() ? configured.getIfAvailable() : null;
      builder.setSampler(sampler == null ? Sampler.alwaysOff() : new LinkedSampler(sampler));
    };
  }

  /** Probes come every few seconds, and each is like the other. */
  @Bean
  SpanExportingPredicate noProbes() {
    return span -> !span.getTags().getOrDefault("uri", "").startsWith("/actuator");
  }

  /** By the names that the Elastic Common Schema gives them. */
  @Bean
  Slf4JEventListener traceIdsInLogs() {
    return new Slf4JEventListener("trace.id", "span.id");
  }
}
