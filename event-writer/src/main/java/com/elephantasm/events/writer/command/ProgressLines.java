package com.elephantasm.events.writer.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Progress as text: a bar for each partition and lines of totals, or all of it in one line. */
final class ProgressLines {
  private static final int MOST_BARS = 24;
  private static final int SHORTEST_BAR = 10;
  private static final int LONGEST_BAR = 40;

  private ProgressLines() {}

  /**
   * What is in progress.
   *
   * @param what a few words that come first
   * @param totals what comes after the bars, one line each
   */
  record Progress(String what, List<ReplayView.Partition> partitions, List<String> totals) {
    Progress {
      partitions = List.copyOf(partitions);
      totals = List.copyOf(totals);
    }

    long read() {
      return partitions.stream().mapToLong(each -> each.next() - each.start()).sum();
    }

    long total() {
      return partitions.stream().mapToLong(each -> each.end() - each.start()).sum();
    }
  }

  static Progress of(ReplayView replay) {
    List<String> totals = new ArrayList<>();
    totals.add(totals(replay));
    String counts = Amounts.counts(replay.counts());
    if (!counts.equals("nothing yet") || !replay.hasDrift()) {
      totals.add(counts);
    }
    if (replay.hasDrift()) {
      totals.add("drift: " + Amounts.counts(replay.drift()));
    }
    return new Progress("%s %s %s".formatted(replay.mode(), replay.id(), state(replay)), replay.partitions(), totals);
  }

  private static String state(ReplayView replay) {
    String state = replay.phase() == null || replay.isAtRest() ? replay.state() : replay.phase();
    return replay.state().equals("pending") ? "waits for its turn" : state;
  }

  private static String totals(ReplayView replay) {
    List<String> parts = new ArrayList<>();
    parts.add("%s of %s offsets, %d %%".formatted(Amounts.of(replay.read()), Amounts.of(replay.total()),
        Amounts.percent(replay.read(), replay.total())));
    if (replay.rate() != null) {
      parts.add(Amounts.of(replay.rate()) + " records/s");
    }
    if (replay.throttle() != null) {
      parts.add("throttled to " + Amounts.of(replay.throttle()));
    }
    if (replay.eta() != null && replay.read() < replay.total()) {
      parts.add(Amounts.time(replay.eta()) + " left");
    }
    return String.join(", ", parts);
  }

  /** For a terminal. No line is wider than it, so that none wraps. */
  static List<String> block(Progress progress, int width) {
    List<String> lines = new ArrayList<>();
    lines.add(progress.what());
    lines.addAll(bars(progress.partitions(), width));
    lines.addAll(progress.totals());
    return lines.stream().map(line -> cut(line, width)).toList();
  }

  private record Bar(String label, String amounts, double fraction) {
    private static Bar of(String label, ReplayView.Partition partition) {
      return new Bar(label, "%3d %%  %s/%s".formatted(
          Amounts.percent(partition.next() - partition.start(), partition.end() - partition.start()),
          Amounts.of(partition.next()), Amounts.of(partition.end())), partition.fraction());
    }

    private String drawn(int labelWidth, int room) {
      int filled = (int) (fraction * room);
      return " ".repeat(labelWidth - label.length()) + label + " [" + "#".repeat(filled) + ".".repeat(room - filled)
          + "] " + amounts;
    }
  }

  private static List<String> bars(List<ReplayView.Partition> partitions, int width) {
    List<Bar> bars = new ArrayList<>();
    boolean tooMany = partitions.size() > MOST_BARS;
    for (ReplayView.Partition each : tooMany ? partitions.subList(0, MOST_BARS - 1) : partitions) {
      bars.add(Bar.of(Integer.toString(each.number()), each));
    }
    if (tooMany) {
      List<ReplayView.Partition> others = partitions.subList(MOST_BARS - 1, partitions.size());
      long start = others.stream().mapToLong(ReplayView.Partition::start).sum();
      long end = others.stream().mapToLong(ReplayView.Partition::end).sum();
      long next = others.stream().mapToLong(ReplayView.Partition::next).sum();
      bars.add(Bar.of(others.size() + " more", new ReplayView.Partition(-1, start, end, next)));
    }
    int labelWidth = bars.stream().mapToInt(bar -> bar.label().length()).max().orElse(0);
    int amountsWidth = bars.stream().mapToInt(bar -> bar.amounts().length()).max().orElse(0);
    int room = Math.clamp(width - labelWidth - amountsWidth - " [".length() - "] ".length(), SHORTEST_BAR, LONGEST_BAR);
    return bars.stream().map(bar -> bar.drawn(labelWidth, room)).toList();
  }

  private static String cut(String line, int width) {
    return line.length() <= width ? line : line.substring(0, width);
  }

  /** For a file, or a terminal that cannot be drawn on. */
  static String line(Progress progress) {
    return progress.what() + ": " + progress.totals().stream().collect(Collectors.joining("; "));
  }

  /** Progress of something that is no replay. */
  static Progress of(String what, List<ReplayView.Partition> partitions, long records, long recordsPerSecond) {
    Progress bars = new Progress(what, partitions, List.of());
    String left = recordsPerSecond <= 0 || bars.read() >= bars.total()
        ? ""
        : ", " + Amounts.time((bars.total() - bars.read()) / recordsPerSecond + 1) + " left";
    return new Progress(what, partitions, List.of("%s records, %d %%, %s records/s%s".formatted(Amounts.of(records),
        Amounts.percent(bars.read(), bars.total()), Amounts.of(recordsPerSecond), left)));
  }
}
