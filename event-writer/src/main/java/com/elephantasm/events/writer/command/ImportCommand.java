package com.elephantasm.events.writer.command;

import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.writer.transfer.ImportRequest;
import com.elephantasm.events.writer.transfer.ImportResult;
import com.elephantasm.events.writer.transfer.Importer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts an export into a topic. */
@Command(name = "import", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Puts the records of an export into a topic: keys, headers, values and timestamps as they were, in the partitions that they "
        + "were in and in their order, each acknowledged by all in-sync replicas.",
    "An event that is identified by its place in the log alone (its producer set neither dedupe_key nor source_uri nor ce_id) says "
        + "in a header, elephantasm_redrive, where it stood first if it comes to stand elsewhere, and so keeps its id.",
    "Nobody else should write to the topic meanwhile; where somebody does, the import stops and says so."}, footer = {
        "%nExamples:",
        "  import --topic elephantasm.events --create events.ndjson.gz --bootstrap-servers 127.0.0.1:9092",
        "  import --topic elephantasm.events --skip 120000 events.ndjson.gz",
        "  zcat events.ndjson.gz | import --topic elephantasm.copy --create --partitions 6 --by-key -",
        ExitCode.OF_TRANSFERS})
public final class ImportCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  @Parameters(index = "0", paramLabel = "FILE", description = "The export, compressed where its name ends in .gz or .zst; - is standard input")
  private String file = STANDARD_INPUT;

  @Option(names = "--topic", required = true, paramLabel = "NAME", description = "Where to")
  private String topic = "";

  @Option(names = "--create", description = "Make the topic where it is not there, with the settings of the log: retention without limit, records up to elephantasm.log.max-record-size")
  private boolean create;

  @Option(names = "--partitions", paramLabel = "N", description = "With --create: how many it has (default: as many as the exported topic)")
  private @Nullable Integer partitions;

  @Option(names = "--append", description = "Accept that the topic has records; those of the export come after them")
  private boolean append;

  @Option(names = "--by-key", description = "Records come into the partition that their key says, for a topic of fewer or more partitions; those of one spirit stay in order")
  private boolean byKey;

  @Option(names = "--verbatim", description = "Add no header to events that are identified by their place: elsewhere they are other events, with other ids")
  private boolean verbatim;

  @Option(names = "--allow-truncated", description = "Accept an export without its last line")
  private boolean allowTruncated;

  @Option(names = "--skip", paramLabel = "N", defaultValue = "0", description = "Leave out the first N records, as an import that broke off says (default: ${DEFAULT-VALUE})")
  private long skip;

  @Mixin
  private KafkaOptions kafka = new KafkaOptions();

  @Mixin
  private Output output = new Output();

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    return Commands.run(spec, this::importAll);
  }

  private int importAll() throws IOException, InterruptedException {
    check();
    try (ConfigurableApplicationContext context = Contexts.ofKafka(kafka.arguments());
        Interruption interruption = new Interruption(() -> {})) {
      Importer importer = new Importer(Transfers.access(context), context.getBean(LogSettings.class).topicConfigs());
      ImportRequest request = new ImportRequest(topic, create, partitions, append, byKey, verbatim, allowTruncated,
          skip);
      Transfers.Meter meter = new Transfers.Meter("import into " + topic, output, output.screen());
      ImportResult result = file.equals(STANDARD_INPUT)
          ? importer.fromStream(request, System.in, meter, interruption::isWanted)
          : importer.fromFile(request, Path.of(file), meter, interruption::isWanted);
      meter.end();
      tell(result);
      return result.complete() ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private void check() {
    kafka.takeSettings(spec.commandLine());
    if (!file.equals(STANDARD_INPUT) && !Files.isReadable(Path.of(file))) {
      throw new ParameterException(spec.commandLine(), "there is no file %s that can be read".formatted(file));
    }
    if (partitions != null && (!create || partitions < 1)) {
      throw new ParameterException(spec.commandLine(), "--partitions goes with --create, and is at least 1");
    }
    if (skip < 0) {
      throw new ParameterException(spec.commandLine(), "--skip must be at least 0, was " + skip);
    }
  }

  private void tell(ImportResult result) {
    if (output.isJson()) {
      output.print(Transfers.JSON.createObjectNode().put("imported", result.imported()).put("done", result.done())
          .put("marked", result.marked()).put("identified_by_place", result.identifiedByPlace())
          .put("complete", result.complete()));
    }
    output.say("%s records are imported into %s".formatted(Amounts.of(result.imported()), topic));
    if (result.marked() > 0) {
      output.say("%s of them are identified by their place in the exported topic, and say so in a header"
          .formatted(Amounts.of(result.marked())));
    }
    if (result.identifiedByPlace() > 0) {
      output.say("warning: %s of them are identified by their place, which is another now: they are other events"
          .formatted(Amounts.of(result.identifiedByPlace())));
    }
    if (!result.complete()) {
      output.say("Stopped. To go on: " + goOn(result));
    }
  }

  private String goOn(ImportResult result) {
    List<String> typed = new ArrayList<>(List.of("import", "--topic", topic));
    if (byKey) {
      typed.add("--by-key");
    }
    if (verbatim) {
      typed.add("--verbatim");
    }
    if (allowTruncated) {
      typed.add("--allow-truncated");
    }
    typed.addAll(List.of("--skip", Long.toString(result.done())));
    typed.addAll(kafka.typed());
    typed.add(file);
    return Shell.program() + " " + Shell.line(typed);
  }
}
