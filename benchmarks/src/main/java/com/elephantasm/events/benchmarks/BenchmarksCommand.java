package com.elephantasm.events.benchmarks;

import com.elephantasm.events.benchmarks.functions.Functions;
import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.measure.Pairs;
import com.elephantasm.events.benchmarks.measure.Progress;
import com.elephantasm.events.benchmarks.measure.Report;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.servers.Jvm;
import com.elephantasm.events.benchmarks.servers.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The benchmarks as a program; {@code --help} says how. */
@Command(name = "benchmarks", mixinStandardHelpOptions = true, sortOptions = false, usageHelpWidth = 110, description = {
    "Measures the claims. A scenario starts a Kafka broker and a PostgreSQL server of its own (separate processes, temporary "
        + "folders, fsync and synchronous_commit on), runs its two sides in turn (A B A B ...), and prints both medians, "
        + "their ratio, its spread pair by pair, and whether the target is met. A warm-up pair does not count.",
    "Leave the machine alone meanwhile. Ctrl-C ends everything and deletes the temporary folders."}, footer = {"",
        "Scenarios: '${COMMAND-NAME} list' says what each compares.", "",
        "  ${COMMAND-NAME} drain                            the claim as it stands",
        "  ${COMMAND-NAME} drain --events 20000 --pairs 1   does it work on this machine?",
        "  ${COMMAND-NAME} all --results results            everything, with a JSON file for each scenario",
        "  ${COMMAND-NAME} jmh                              the functions of each event, by JMH", "",
        "Ends with 0 where every target is met, with 1 where one is missed, and with 2 where a scenario failed."})
public final class BenchmarksCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "WHAT", arity = "1..*", description = "The names of scenarios, or: all, list, jmh.")
  private List<String> what = List.of();

  @Option(names = "--events", paramLabel = "NUMBER", defaultValue = "1000000", description = "Events that one run takes in. "
      + "Default: ${DEFAULT-VALUE}.")
  private int events;

  @Option(names = "--stored", paramLabel = "NUMBER", defaultValue = "10000000", description = "Events that a large store has "
      + "before. Default: ${DEFAULT-VALUE}; takes 9 GB, and as much again for a run.")
  private long stored;

  @Option(names = "--pairs", paramLabel = "NUMBER", defaultValue = "5", description = "Pairs of runs that count. "
      + "Default: ${DEFAULT-VALUE}.")
  private int pairs;

  @Option(names = "--no-warm-up", description = "Leaves out the pair that does not count. The figures say nothing then, but "
      + "whether all of it works is known sooner.")
  private boolean noWarmUp;

  @Option(names = "--threads", paramLabel = "NUMBER", defaultValue = "2", description = "Consumers of the writer, and "
      + "connections of what it is compared with. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(names = "--writers", paramLabel = "NUMBER", defaultValue = "1", description = "Processes that share a drain, and its "
      + "threads. Default: ${DEFAULT-VALUE}.")
  private int writers;

  @Option(names = "--content", paramLabel = "CHARACTERS", defaultValue = ""
      + Events.CONTENT, description = "Of an event's "
          + "content in a drain, on average. Default: ${DEFAULT-VALUE}, which makes about 500 bytes of JSON.")
  private int content;

  @Option(names = "--writer-jvm", paramLabel = "OPTIONS", split = " ", description = "Of the writer's JVM, separated by "
      + "spaces. Default: ${DEFAULT-VALUE}.", defaultValue = Jvm.WRITER)
  private List<String> writerJvm = List.of();

  @Option(names = "--writer", paramLabel = "SETTING", description = "Of the writer, such as "
      + "--writer=--elephantasm.writer.batch-size=5000; may be repeated.")
  private List<String> writerSettings = List.of();

  @Option(names = "--ingest-jvm", paramLabel = "OPTIONS", split = " ", description = "Likewise, of the ingest-api's JVM and of "
      + "that of the web server beside it. Default: ${DEFAULT-VALUE}.", defaultValue = Jvm.INGEST)
  private List<String> ingestJvm = List.of();

  @Option(names = "--no-flush", description = "Kafka acknowledges records that are not on the disk yet, as it does where there "
      + "are replicas. Default: each batch is flushed before.")
  private boolean noFlush;

  @Option(names = "--results", paramLabel = "FOLDER", description = "Where a JSON file for each scenario goes. "
      + "Default: nowhere.")
  private @Nullable Path results;

  @Option(names = "--seed", paramLabel = "NUMBER", defaultValue = "1", description = "Of the events; the same again gives the "
      + "same events. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  public Integer call() throws Exception {
    if (what.equals(List.of("list"))) {
      Scenarios.ALL.forEach(scenario -> say("%-19s %s%n".formatted(scenario.name(), scenario.description())));
      return 0;
    }
    if (what.equals(List.of("jmh"))) {
      Functions.run(results);
      return 0;
    }
    boolean allMet = true;
    Options options = options();
    for (Scenario scenario : scenarios()) {
      Result result = run(scenario, options);
      say(Report.text(result) + "\n");
      save(result);
      allMet &= result.met();
    }
    return allMet ? 0 : 1;
  }

  private List<Scenario> scenarios() {
    if (what.equals(List.of("all"))) {
      return Scenarios.ALL;
    }
    List<Scenario> chosen = new ArrayList<>();
    for (String name : what) {
      chosen.add(Scenarios.named(name).orElseThrow(() -> new ParameterException(spec.commandLine(),
          "there is no scenario '%s', but %s".formatted(name,
              Scenarios.ALL.stream().map(Scenario::name).collect(Collectors.joining(", "))))));
    }
    return chosen;
  }

  private Options options() {
    try {
      return new Options(events, stored, new Pairs(pairs, !noWarmUp), threads, writers, content, writerJvm,
          writerSettings, ingestJvm, seed,
          String.join(" ", spec.commandLine().getParseResult().originalArgs()), new Progress(System.err));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void say(String text) {
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
  }

  private Result run(Scenario scenario, Options options) throws Exception {
    options.progress().say("%s: starting Kafka and PostgreSQL", scenario.name());
    try (Servers servers = Servers.start()) {
      if (noFlush) {
        servers.leaveFlushingToTheSystem();
      }
      return scenario.run(servers, options)
          .with(Map.of("kafka_flushes_each_batch", !noFlush, "postgres_settings", Servers.POSTGRES_SETTINGS));
    }
  }

  private void save(Result result) throws IOException {
    if (results != null) {
      Files.createDirectories(results);
      Files.writeString(results.resolve(result.scenario() + ".json"), Report.json(result) + "\n");
    }
  }

  public static void main(String... arguments) {
    AtomicBoolean ending = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ending.set(true), "note-end"));
    System.exit(new CommandLine(new BenchmarksCommand()).setExecutionExceptionHandler((e, line, _) -> {
      // What fails because everything is ended on purpose is no news.
      if (!ending.get()) {
        e.printStackTrace(line.getErr());
      }
      return 2;
    }).execute(arguments));
  }
}
