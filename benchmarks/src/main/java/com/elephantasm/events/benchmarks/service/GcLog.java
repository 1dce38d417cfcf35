package com.elephantasm.events.benchmarks.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a JVM writes about its collections. */
record GcLog(Path file) {
  private static final Pattern PAUSE = Pattern.compile("Pause .* (\\d+\\.\\d+)ms$");

  /** To be given to the JVM. */
  String option() {
    return "-Xlog:gc:file=%s:uptime".formatted(file);
  }

  /** @return milliseconds that it has stood still for its collections, from its start on */
  double pauses() throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(PAUSE::matcher).filter(Matcher::find).mapToDouble(pause -> Double.parseDouble(pause.group(1)))
          .sum();
    }
  }
}
