package com.elephantasm.events.benchmarks.client;

import java.util.List;

/**
 * How uploads fared.
 *
 * @param summaries the last line of each answer
 * @param seconds from the beginning of the first to the end of the last
 */
public record UploadResult(List<String> summaries, double seconds) {
  public UploadResult {
    summaries = List.copyOf(summaries);
  }
}
