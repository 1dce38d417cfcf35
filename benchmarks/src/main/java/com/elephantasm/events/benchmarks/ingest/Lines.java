package com.elephantasm.events.benchmarks.ingest;

import com.elephantasm.events.benchmarks.client.Load;
import com.elephantasm.events.benchmarks.client.UploadResult;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Uploads of events, a line each. */
final class Lines {
  private static final List<String> HEADERS = List.of("Content-Type: application/x-ndjson");
  private static final JsonMapper JSON = JsonMapper.shared();

  private Lines() {}

  /** Cuts them into equal parts, but for one line. */
  static List<List<byte[]>> parts(List<byte[]> lines, int count) {
    List<List<byte[]>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) lines.size() * i / count);
      int to = (int) ((long) lines.size() * (i + 1) / count);
      parts.add(lines.subList(from, to));
    }
    return parts;
  }

  /**
   * Uploads each part over a connection of its own, all at once.
   *
   * @return seconds until the last receipt
   * @throws IllegalStateException where a line was not accepted
   */
  static double upload(URI batch, List<List<byte[]>> parts) throws IOException, InterruptedException {
    UploadResult result = Load.upload(batch, HEADERS, parts);
    for (int i = 0; i < parts.size(); i++) {
      requireAccepted(result.summaries().get(i), parts.get(i).size());
    }
    return result.seconds();
  }

  private static void requireAccepted(String lastLine, int lines) {
    JsonNode summary = JSON.readTree(lastLine).path("summary");
    if (!summary.path("complete").asBoolean() || summary.path("by_status").path("202").asInt() != lines) {
      throw new IllegalStateException("not all of %,d lines were accepted: %s".formatted(lines, lastLine));
    }
  }
}
