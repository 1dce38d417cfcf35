package com.elephantasm.events.standalone;

import com.elephantasm.events.embedded.EmbeddedServerException;
import com.elephantasm.events.embedded.KafkaCommand;
import com.elephantasm.events.embedded.PostgresCommand;
import com.elephantasm.events.writer.command.ExportCommand;
import com.elephantasm.events.writer.command.ImportCommand;
import com.elephantasm.events.writer.command.ReplayCommand;
import com.elephantasm.events.writer.command.WrongCommandLine;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** The command line: runs everything, or with a sub-command one of the servers alone; {@code --help} says how. */
@Command(name = "elephantasm-events", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = {
    "Runs the event pipeline on this machine: the HTTP API, a Kafka broker and a PostgreSQL server, until Ctrl-C."}, footer = {
        "%nSettings of the services are options too, such as --elephantasm.writer.threads=4 or --logging.level.root=info.",
        "Everything listens on 127.0.0.1, where nobody is asked who they are. With --elephantasm.access.mode=api-key or jwt the HTTP API can have another address, by --server.address; 'key create' makes keys.",
        "%nEnds with 143 after SIGTERM and 130 after Ctrl-C, all cleanly stopped; with 1 if something fails; with 2 if the command line is wrong."}, subcommands = {
            KafkaCommand.class, PostgresCommand.class, KeyCommand.class, ReplayCommand.class, ExportCommand.class,
            ImportCommand.class})
public final class StandaloneApplication implements Callable<Integer> {
  /** Above what the web server, the consumers and the servers are given to stop. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(120);

  @Option(names = "--port", defaultValue = "${env:ELEPHANTASM_PORT:-8000}", paramLabel = "PORT", description = "Port of the HTTP API, 0 for any (default: ${DEFAULT-VALUE}, or from ELEPHANTASM_PORT)")
  private int port;

  @Option(names = "--kafka-port", defaultValue = "${env:ELEPHANTASM_KAFKA_PORT:-9092}", paramLabel = "PORT", description = "Port of Kafka (default: ${DEFAULT-VALUE}, or from ELEPHANTASM_KAFKA_PORT)")
  private int kafkaPort;

  @Option(names = "--postgres-port", defaultValue = "${env:ELEPHANTASM_POSTGRES_PORT:-5433}", paramLabel = "PORT", description = "Port of PostgreSQL (default: ${DEFAULT-VALUE}, or from ELEPHANTASM_POSTGRES_PORT)")
  private int postgresPort;

  @Option(names = "--data", defaultValue = "${env:ELEPHANTASM_DATA:-data}", paramLabel = "FOLDER", description = "Folder of everything that is kept (default: ${DEFAULT-VALUE}, or from ELEPHANTASM_DATA)")
  private Path data = Path.of("data");

  @Unmatched
  private List<String> springArguments = new ArrayList<>();

  @Spec
  private CommandSpec spec = CommandSpec.create();

  private final AtomicBoolean stopping = new AtomicBoolean();

  private StandaloneApplication() {}

  public static void main(String... arguments) {
    System.exit(commandLine().execute(arguments));
  }

  private static CommandLine commandLine() {
    CommandLine line = new CommandLine(new StandaloneApplication());
    // Settings of the services mean nothing to a server alone.
    Set<String> takingSettings = Set.of("replay", "export", "import");
    line.getSubcommands().values().stream().filter(command -> !takingSettings.contains(command.getCommandName()))
        .forEach(server -> server.setUnmatchedArgumentsAllowed(false));
    return line.setParameterExceptionHandler(new WrongCommandLine());
  }

  @Override
  public Integer call() throws InterruptedException {
    requireSettings();
    Standalone standalone = new Standalone(settings(), springArguments);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(standalone), "stop"));
    run(standalone);
    if (stopping.get()) {
      Thread.sleep(Long.MAX_VALUE); // The process is ending, and its exit code is the signal's.
    }
    return 1;
  }

  private Standalone.Settings settings() {
    try {
      return new Standalone.Settings(port, kafkaPort, postgresPort, data);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** What Spring would take for something else, or not at all, is a slip of the pen. */
  private void requireSettings() {
    for (String argument : springArguments) {
      if (!argument.matches("--[a-z][\\w-]*(\\.[\\w\\[\\]-]+)+=.*")) {
        throw new ParameterException(spec.commandLine(),
            "'%s' is neither an option nor a setting such as --elephantasm.writer.threads=4".formatted(argument));
      }
      if (argument.matches("--spring\\.(kafka\\.bootstrap-servers|datasource\\.(url|username|password))=.*")) {
        throw new ParameterException(spec.commandLine(),
            "'%s' has no effect here: this runs servers of its own. Run the services alone to use yours"
                .formatted(argument));
      }
    }
  }

  private void run(Standalone standalone) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      out.println("Starting Elephantasm Events, with its data in " + data.toAbsolutePath().normalize());
      out.flush();
      standalone.start();
      if (!stopping.get()) {
        out.println(standalone.description());
        out.flush();
      }
      standalone.end().join();
    } catch (EmbeddedServerException | PortTakenException e) {
      fail(e);
    } catch (CompletionException e) {
      fail(e.getCause() == null ? e : e.getCause());
    } catch (ServicesFailedException _) {
      // Spring has said why.
    }
  }

  private void fail(Throwable e) {
    if (!stopping.get()) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
    }
  }

  private void stop(Standalone standalone) {
    stopping.set(true);
    Thread closing = Thread.ofPlatform().name("stopping").daemon().start(standalone::close);
    try {
      if (!closing.join(LONGEST_STOP)) {
        System.err.println(
            "not everything stopped within %d s; the next start puts it right".formatted(LONGEST_STOP.toSeconds()));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
