package com.elephantasm.events.benchmarks.measure;

import java.util.Locale;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A result as JSON for programs, and as a few lines for people. */
public final class Report {
  private static final JsonMapper JSON = JsonMapper.builder()
      .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).enable(SerializationFeature.INDENT_OUTPUT).build();

  private Report() {}

  public static String json(Result result) {
    return JSON.writeValueAsString(result);
  }

  /** What {@link #json} has written. */
  public static Result read(String json) {
    return JSON.readValue(json, Result.class);
  }

  public static String text(Result result) {
    StringBuilder text = new StringBuilder(result.scenario()).append('\n');
    for (Figures side : result.sides()) {
      text.append("  %-42s median %s %s, of %s%n".formatted(side.name(), number(side.median()), side.unit(),
          side.all().stream().map(Report::number).toList()));
    }
    String bound = (result.target().direction() == Target.Direction.AT_LEAST ? "at least " : "at most ")
        + result.target().bound();
    Ratio ratio = result.ratio();
    text.append("  ratio %.3f (pairs %.3f to %.3f), target %s: %s%n".formatted(ratio.median(), ratio.min(), ratio.max(),
        bound, result.met() ? "met" : "MISSED"));
    result.notes().forEach(note -> text.append("  ").append(note).append('\n'));
    return text.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.3f", value);
  }
}
