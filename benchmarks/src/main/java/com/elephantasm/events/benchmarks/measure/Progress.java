package com.elephantasm.events.benchmarks.measure;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;

/** Says, line by line, what is going on. */
public final class Progress {
  private final PrintStream out;

  public Progress(PrintStream out) {
    this.out = out;
  }

  public void say(String format, Object... values) {
    out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + format.formatted(values));
  }
}
