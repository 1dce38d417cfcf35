package com.elephantasm.events.embedded;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs one of the embedded servers alone, as a process; {@code --help} says how. */
@Command(name = "embedded-servers", mixinStandardHelpOptions = true, description = "Runs a Kafka broker or a PostgreSQL server on this machine.", subcommands = {
    KafkaCommand.class, PostgresCommand.class})
public final class EmbeddedServers {
  private EmbeddedServers() {}

  /** Prints the usage and ends with 2 where no server is named. */
  public static void main(String... arguments) {
    System.exit(new CommandLine(new EmbeddedServers()).execute(arguments));
  }
}
