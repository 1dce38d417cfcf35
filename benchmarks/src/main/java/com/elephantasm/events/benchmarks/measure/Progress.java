package com.elephantasm.events.benchmarks.measure;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Says, line by line, what is going on. */
public final class Progress {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final PrintStream out;

  public Progress(PrintStream out) {
    this.out = out;
  }

  public void say(String format, Object... values) {
    out.println(TIME.format(LocalTime.now()) + "  " + String.format(Locale.ROOT, format, values));
  }
}
