package com.elephantasm.events.benchmarks.servers;

import com.elephantasm.events.embedded.KafkaCommand;
import com.elephantasm.events.embedded.PostgresCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What the servers' own processes run. */
@Command(name = "server", subcommands = {KafkaCommand.class, PostgresCommand.class})
final class ServerMain {
  private ServerMain() {}

  public static void main(String... arguments) {
    System.exit(new CommandLine(new ServerMain()).execute(arguments));
  }
}
