package com.elephantasm.events.writer.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What came of a replay: in words, and as an exit code. */
final class Ending {
  private static final int SHOWN_OF_A_KIND = 5;

  private Ending() {}

  static int exitCode(ReplayView replay) {
    return switch (replay.state()) {
      case "completed" -> hasRemainingDrift(replay) ? ExitCode.DRIFT : ExitCode.DONE;
      case "failed", "cancelled", "paused" -> ExitCode.FAILED;
      default -> ExitCode.DONE;
    };
  }

  /** A repair says how much it has left; one that says nothing has put nothing right. */
  private static boolean hasRemainingDrift(ReplayView replay) {
    if (!replay.mode().equals("verify")) {
      return false;
    }
    boolean strays = replay.result().path("unaccounted").path("count").asLong(0) > 0;
    boolean repaired = replay.result().path("repaired").path("left").asLong(1) == 0;
    return strays || replay.hasDrift() && !repaired;
  }

  static List<String> lines(ReplayView replay) {
    List<String> lines = new ArrayList<>();
    lines.add("%s %s: %s%s".formatted(replay.mode(), replay.id(), replay.state(),
        replay.detail() == null ? "" : ", " + replay.detail()));
    lines.add("records: " + Amounts.counts(replay.counts()));
    if (replay.mode().equals("verify") && !replay.state().equals("failed")) {
      lines.addAll(drift(replay));
    }
    replay.result().properties().stream()
        .filter(member -> !member.getKey().equals("differences") || !replay.mode().equals("verify"))
        .filter(member -> member.getValue().path("count").asLong(1) > 0)
        .forEach(member -> lines.add(member.getKey().replace('_', ' ') + ": " + text(member.getValue())));
    return lines;
  }

  private static List<String> drift(ReplayView replay) {
    if (!replay.hasDrift()) {
      return List.of(replay.state().equals("completed") ? "no drift: topic and store agree" : "no drift so far");
    }
    List<String> lines = new ArrayList<>();
    lines.add("drift: " + Amounts.counts(replay.drift()));
    replay.result().path("differences").properties().forEach(kind -> lines.addAll(kind(kind)));
    return lines;
  }

  private static List<String> kind(Map.Entry<String, JsonNode> kind) {
    List<String> lines = new ArrayList<>();
    long count = kind.getValue().path("count").asLong(0);
    if (count == 0) {
      return lines;
    }
    lines.add("  %s: %s".formatted(kind.getKey().replace('_', ' '), Amounts.of(count)));
    JsonNode first = kind.getValue().path("first");
    first.valueStream().limit(SHOWN_OF_A_KIND).forEach(each -> lines.add("    " + difference(each)));
    if (count > Math.min(first.size(), SHOWN_OF_A_KIND)) {
      lines.add("    … and %s more".formatted(Amounts.of(count - Math.min(first.size(), SHOWN_OF_A_KIND))));
    }
    return lines;
  }

  private static String difference(JsonNode each) {
    return each.properties().stream().filter(member -> !member.getKey().equals("kind") && !member.getValue().isNull())
        .filter(member -> !(member.getValue().isObject() && member.getValue().isEmpty()))
        .map(member -> member.getKey().equals("entity") || member.getKey().equals("id")
            ? text(member.getValue())
            : member.getKey().replace('_', ' ') + " " + text(member.getValue()))
        .collect(Collectors.joining(", ")).replaceFirst("^(event|spirit), ", "$1 ");
  }

  private static String text(JsonNode value) {
    if (value.isIntegralNumber()) {
      return Amounts.of(value.asLong());
    }
    if (value.isObject()) {
      return value.properties().stream()
          .map(member -> member.getKey().replace('_', ' ') + " " + text(member.getValue()))
          .collect(Collectors.joining(", "));
    }
    return value.isArray()
        ? value.valueStream().map(Ending::text).collect(Collectors.joining(", "))
        : value.asString(value.toString());
  }
}
