package com.elephantasm.events.benchmarks.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a scenario found, as its JSON file says it.
 *
 * @param date when it ended, RFC 3339 in UTC
 * @param command the arguments that it was started with
 * @param versions of what takes part, by name
 * @param settings of the scenario, by name
 * @param sides two: the one that the claim is about, then the one it is compared with
 * @param notes what a reader has to know to judge the figures
 */
public record Result(String scenario, String date, String command, Machine machine, Map<String, String> versions,
    Map<String, Object> settings, List<Figures> sides, Ratio ratio, Target target, boolean met, List<String> notes) {

  /** The same with settings of what it ran on. */
  public Result with(Map<String, ?> more) {
    Map<String, Object> all = new LinkedHashMap<>(settings);
    all.putAll(more);
    return new Result(scenario, date, command, machine, versions, all, sides, ratio, target, met, notes);
  }

  /** The same with one more note, on what came out. */
  public Result noting(String note) {
    return new Result(scenario, date, command, machine, versions, settings, sides, ratio, target, met,
        Stream.concat(notes.stream(), Stream.of(note)).toList());
  }
}
