package com.elephantasm.events.writer.command;

import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.replay.Bound;
import com.elephantasm.events.writer.transfer.Exporter;
import com.elephantasm.events.writer.transfer.TransferProgress;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes records of the log to a file. */
@Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Writes records of a topic to a file, to the byte: keys, headers, values, timestamps and positions, from where the selection "
        + "begins to where the topic ends now. Changes nothing in Kafka.",
    "%nThe file is NDJSON, one JSON object in each line; compressed where its name ends in .gz or .zst:",
    "  {\"export\":{\"version\":1,\"topic\":…,\"partition_count\":12,\"partitions\":[{\"partition\":0,\"start\":0,\"end\":7},…]}}",
    "  {\"topic\":…,\"partition\":0,\"offset\":5,\"timestamp\":\"2026-11-24T08:00:00.000Z\",\"key\":…,\"headers\":[{\"name\":…,\"value\":…}],\"value\":…}",
    "  {\"end\":{\"records\":1}}",
    "Keys, values and values of headers are strings where their bytes are UTF-8, else {\"base64\":…}, and null where there is none. "
        + "Records of one partition are in its order. A file without the last line is a broken one; until it is whole it is named FILE.part."}, footer = {
            "%nExamples:", "  export --output events.ndjson.gz --bootstrap-servers 127.0.0.1:9092",
            "  export --from 2026-11-24T00:00:00Z --to 2026-11-25T00:00:00Z --output day.ndjson",
            "  export --agent-id 0190f3a4-1111-7222-8333-444455556666 --quiet | jq -r 'select(.value).value'",
            ExitCode.OF_TRANSFERS})
public final class ExportCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  @Option(names = "--topic", paramLabel = "NAME", description = "(default: the log, elephantasm.events)")
  private @Nullable String topic;

  @Option(names = "--partition", paramLabel = "NUMBER", split = ",", description = "Only these partitions, such as 0,3")
  private Set<Integer> partitions = new TreeSet<>();

  @Option(names = "--from", paramLabel = "PLACE", converter = Converters.Place.class, description = "Where to begin, inclusive: a time, such as 2026-11-24T08:00:00Z, by the timestamps of the records; or PARTITION:OFFSET pairs, such as 0:100,3:7")
  private @Nullable Bound from;

  @Option(names = "--to", paramLabel = "PLACE", converter = Converters.Place.class, description = "Where to end, exclusive; likewise")
  private @Nullable Bound to;

  @Option(names = "--agent-id", paramLabel = "UUID", converter = Converters.Id.class, description = "Only records about this spirit")
  private @Nullable UUID agentId;

  @Option(names = {"-o",
      "--output"}, paramLabel = "FILE", defaultValue = STANDARD_OUTPUT, description = "Where to; - is standard output (default: ${DEFAULT-VALUE})")
  private String file = STANDARD_OUTPUT;

  @Mixin
  private KafkaOptions kafka = new KafkaOptions();

  @Mixin
  private Output output = new Output();

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    return Commands.run(spec, this::export);
  }

  private int export() throws IOException {
    kafka.takeSettings(spec.commandLine());
    boolean toStandardOutput = file.equals(STANDARD_OUTPUT);
    if (toStandardOutput && output.isJson()) {
      throw new ParameterException(spec.commandLine(),
          "--json prints progress to standard output, where the records go: --output FILE is missing");
    }
    try (ConfigurableApplicationContext context = Contexts.ofKafka(kafka.arguments());
        Interruption interruption = new Interruption(() -> {})) {
      Exporter exporter = new Exporter(Transfers.access(context));
      Exporter.Selection selection = new Exporter.Selection(
          topic == null ? context.getBean(LogSettings.class).topic() : topic, partitions, from, to,
          agentId == null ? null : new SpiritId(agentId));
      Transfers.Meter meter = new Transfers.Meter("export of " + selection.topic(), output,
          toStandardOutput ? output.screenOnStandardError() : output.screen());
      TransferProgress done = toStandardOutput
          ? exporter.toStream(selection, new FileOutputStream(FileDescriptor.out), meter, interruption::isWanted)
          : exporter.toFile(selection, Path.of(file), meter, interruption::isWanted);
      meter.end(done);
      if (output.isJson()) {
        output.print(Transfers.json(done).put("file", file));
      } else {
        spec.commandLine().getErr().println(
            "%s records of %s are in %s".formatted(Amounts.of(done.records()), selection.topic(),
                toStandardOutput ? "the output" : file));
      }
      return ExitCode.DONE;
    }
  }
}
