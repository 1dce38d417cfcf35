package com.elephantasm.events.writer.command;

import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the event-writer's jar, where it is not to be a service. */
@Command(name = "event-writer", mixinStandardHelpOptions = true, description = {
    "Replays, exports and imports records of the log; without any of these commands this is the event-writer, a service."}, footer = {
        "%n'event-writer COMMAND --help' teaches each of them."}, subcommands = {ReplayCommand.class,
            ExportCommand.class,
            ImportCommand.class})
public final class WriterCommand implements Runnable {
  private static final Set<String> COMMANDS = Set.of("replay", "export", "import", "--help", "-h");

  @Spec
  private CommandSpec spec = CommandSpec.create();

  private WriterCommand() {}

  /** Whether the arguments are those of a command, and not of the service. */
  public static boolean isMeant(String... arguments) {
    return arguments.length > 0 && COMMANDS.contains(arguments[0]);
  }

  /** @return the exit code */
  public static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  static CommandLine commandLine() {
    CommandLine commands = new CommandLine(new WriterCommand());
    allowSettings(commands);
    return commands.setParameterExceptionHandler(new WrongCommandLine());
  }

  /** Settings of the service, which {@link KafkaOptions} takes. */
  private static void allowSettings(CommandLine command) {
    if (command.getSubcommands().isEmpty()) {
      command.setUnmatchedArgumentsAllowed(true);
    }
    command.getSubcommands().values().forEach(WriterCommand::allowSettings);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing, such as: replay list");
  }
}
