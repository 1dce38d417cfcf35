package com.elephantasm.events.faults;

import com.elephantasm.events.faults.nemesis.FaultKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The fault run as a program; {@code --help} says how. */
@Command(name = "fault-run", mixinStandardHelpOptions = true, sortOptions = false, usageHelpWidth = 110, description = {
    "Runs three Kafka brokers, PostgreSQL, two ingest-apis and two event-writers, puts load on them, kills, stops, freezes "
        + "and starves them, and checks that each acknowledged event is stored once and nothing else is.",
    "Ends with 0 where there is no anomaly, with 1 where there is one, and with 2 where the run itself failed."})
public final class FaultRunCommand implements Callable<Integer> {
  @Option(names = "--seed", paramLabel = "<number>", description = "Of the schedule and the load; the same again gives the "
      + "same faults. Default: a random one, which is printed.")
  private @Nullable Long seed;

  @Option(names = "--duration", paramLabel = "<time>", defaultValue = "12m", converter = Time.class, description = "How long "
      + "faults are inflicted, such as 90s or 12m. Default: ${DEFAULT-VALUE}.")
  private Duration duration = Duration.ZERO;

  @Option(names = "--every", paramLabel = "<time>", defaultValue = "8s", converter = Time.class, description = "The mean time "
      + "from one fault to the next. Default: ${DEFAULT-VALUE}.")
  private Duration every = Duration.ZERO;

  @Option(names = "--rate", paramLabel = "<number>", defaultValue = "600", description = "Attempts a second that the clients "
      + "aim at. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(names = "--only", paramLabel = "<kind>", split = ",", description = "Inflict only these: ${COMPLETION-CANDIDATES}.")
  private Set<FaultKind> only = Set.of();

  @Option(names = "--folder", paramLabel = "<folder>", description = "Where data, logs and the history go; has to be empty. "
      + "Default: a new one in the system's temporary folder, which stays.")
  private @Nullable Path folder;

  /** Times as people write them: a number and s, m or h. */
  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Duration.parse("PT" + text);
      } catch (DateTimeParseException _) {
        throw new TypeConversionException("'%s' is no time, such as 90s or 12m".formatted(text));
      }
    }
  }

  @Override
  public Integer call() throws Exception {
    long chosen = seed == null ? ThreadLocalRandom.current().nextLong(1_000_000) : seed;
    Path data = folder == null ? Files.createTempDirectory("elephantasm-faults-") : folder;
    FaultRun.Settings settings = new FaultRun.Settings(data.toAbsolutePath(), chosen, duration, every, rate, only);
    return new FaultRun(settings, System.out).run().isClean() ? 0 : 1;
  }

  public static void main(String... arguments) {
    System.exit(new CommandLine(new FaultRunCommand()).setExitCodeExceptionMapper(_ -> 2).execute(arguments));
  }
}
