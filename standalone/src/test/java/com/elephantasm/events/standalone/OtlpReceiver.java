package com.elephantasm.events.standalone;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes spans by OpenTelemetry's protocol over HTTP, as a collector does, and keeps them. */
final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final Queue<Received> spans = new ConcurrentLinkedQueue<>();

  /** A span with the name of the service that sent it. */
  record Received(String service, Span span) {
    String name() {
      return span.getName();
    }

    String id() {
      return hex(span.getSpanId());
    }

    String parent() {
      return hex(span.getParentSpanId());
    }

    String trace() {
      return hex(span.getTraceId());
    }

    List<String> links() {
      return span.getLinksList().stream().map(link -> hex(link.getSpanId())).toList();
    }

    /** The value of an attribute, as text; empty where there is none. */
    String attribute(String name) {
      Optional<KeyValue> found = span.getAttributesList().stream().filter(each -> each.getKey().equals(name))
          .findAny();
      return found.map(KeyValue::getValue)
          .map(value -> value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue()).orElse("");
    }
  }

  OtlpReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/traces", this::receive);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:%d/v1/traces".formatted(server.getAddress().getPort());
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
      for (ResourceSpans resource : request.getResourceSpansList()) {
        String service = resource.getResource().getAttributesList().stream()
            .filter(each -> each.getKey().equals("service.name")).map(each -> each.getValue().getStringValue())
            .findAny().orElse("");
        resource.getScopeSpansList().forEach(
            scope -> scope.getSpansList().forEach(span -> spans.add(new Received(service, span))));
      }
      byte[] response = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
      exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, response.length == 0 ? -1 : response.length);
    }
  }

  List<Received> all() {
    return List.copyOf(spans);
  }

  List<Received> ofTrace(String trace) {
    return spans.stream().filter(span -> span.trace().equals(trace)).toList();
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
