package com.elephantasm.events.writer.command;

import java.io.Console;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Where a command writes what, and how much of it. */
final class Output {
  @Option(names = "--json", description = "One JSON object in each line of standard output, for programs; the last one is the result. What is for people goes to standard error")
  private boolean json;

  @Option(names = {"-q", "--quiet"}, description = "No progress; only what came of it")
  private boolean quiet;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  boolean isJson() {
    return json;
  }

  /** For people. */
  PrintWriter people() {
    return json ? spec.commandLine().getErr() : spec.commandLine().getOut();
  }

  void say(String line) {
    people().println(line);
    people().flush();
  }

  /** For programs, in one line. */
  void print(JsonNode node) {
    spec.commandLine().getOut().println(node);
    spec.commandLine().getOut().flush();
  }

  void printIfJson(JsonNode node) {
    if (json) {
      print(node);
    }
  }

  /** Progress is printed as JSON too, unless that is too much. */
  boolean tellsProgressAsJson() {
    return json && !quiet;
  }

  Screen screen() {
    return new Screen(Screen.kind(quiet, !json && isTerminal(), System.getenv("TERM"), System.getenv("NO_COLOR")),
        people(), Screen.width(System.getenv("COLUMNS")));
  }

  /** The same where standard output is taken by data. */
  Screen screenOnStandardError() {
    return new Screen(Screen.kind(quiet, isTerminal(), System.getenv("TERM"), System.getenv("NO_COLOR")),
        spec.commandLine().getErr(), Screen.width(System.getenv("COLUMNS")));
  }

  /** Whether people sit at both ends: standard input and standard output. */
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
