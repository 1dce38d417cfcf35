package com.elephantasm.events.faults.nemesis;

import java.time.Duration;
import java.util.Locale;

/**
 * One thing that goes wrong.
 *
 * @param at since the schedule began
 * @param subject which one of those that the kind can befall, from 1
 * @param lasting until it is mended
 */
public record Fault(int number, Duration at, FaultKind kind, int subject, Duration lasting) {
  String target() {
    String name = kind.subject.name().toLowerCase(Locale.ROOT);
    return kind.subject.count == 1 ? name : name + "-" + subject;
  }

  @Override
  public String toString() {
    String how = lasting.isZero() ? "" : String.format(Locale.ROOT, ", for %.1f s", lasting.toMillis() / 1000.0);
    return String.format(Locale.ROOT, "%3d  %02d:%04.1f  %-22s %s: %s%s", number, at.toMinutes(),
        at.toMillis() % 60_000 / 1000.0, kind, target(), kind.words, how);
  }
}
