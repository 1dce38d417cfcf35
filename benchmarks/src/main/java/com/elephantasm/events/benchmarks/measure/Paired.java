package com.elephantasm.events.benchmarks.measure;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Runs two sides in turn (A B A B …), so that what changes on the machine meanwhile changes both. A pair before the first one
 * does not count, where there is one: files, caches and this JVM are cold in it.
 */
public final class Paired {
  private final String scenario;
  private final Side first;
  private final Side second;
  private final Target target;
  private final Map<String, String> versions = new TreeMap<>(Versions.here());
  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /** @param target of the first side's median over the second's */
  public Paired(String scenario, Side first, Side second, Target target) {
    if (!first.unit().equals(second.unit())) {
      throw new IllegalArgumentException("%s cannot be compared with %s".formatted(first.unit(), second.unit()));
    }
    this.scenario = scenario;
    this.first = first;
    this.second = second;
    this.target = target;
  }

  /** Adds the version of something that takes part. */
  public Paired version(String name, String version) {
    versions.put(name, version);
    return this;
  }

  /** Adds a setting to the result. */
  public Paired with(String setting, Object value) {
    settings.put(setting, value);
    return this;
  }

  /** Adds what a reader has to know. */
  public Paired note(String note) {
    notes.add(note);
    return this;
  }

  /**
   * @param command what it was started with, for the result
   */
  public Result run(Pairs pairs, String command, Progress progress) throws Exception {
    if (!pairs.warmedUp()) {
      note("Nothing was warmed up: these figures show that it works, and not how fast it is.");
    }
    List<Double> ofFirst = new ArrayList<>();
    List<Double> ofSecond = new ArrayList<>();
    for (int pair = pairs.warmedUp() ? 0 : 1; pair <= pairs.counted(); pair++) {
      String turn = pair == 0 ? "warm-up" : "pair %d of %d".formatted(pair, pairs.counted());
      double a = run(first, turn, progress);
      double b = run(second, turn, progress);
      if (pair > 0) {
        ofFirst.add(a);
        ofSecond.add(b);
      }
    }
    Figures a = new Figures(first.name(), first.unit(), ofFirst);
    Figures b = new Figures(second.name(), second.unit(), ofSecond);
    Ratio ratio = Ratio.of(a, b);
    return new Result(scenario, Objects.toString(Instant.now().truncatedTo(ChronoUnit.SECONDS)), command,
        Machine.here(), versions, settings, List.of(a, b), ratio, target, target.isMetBy(ratio), List.copyOf(notes));
  }

  private double run(Side side, String turn, Progress progress) throws Exception {
    double figure = side.run().figure();
    progress.say("%s, %s, %s: %,.5g %s", scenario, turn, side.name(), figure, side.unit());
    if (!(figure > 0)) {
      throw new IllegalStateException("%s gave %s, which is no figure".formatted(side.name(), figure));
    }
    return figure;
  }
}
