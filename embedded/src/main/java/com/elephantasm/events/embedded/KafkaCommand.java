package com.elephantasm.events.embedded;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the Kafka broker alone in the foreground until SIGTERM or Ctrl-C. */
@Command(name = "kafka", mixinStandardHelpOptions = true, description = "Runs the Kafka broker alone, until Ctrl-C.", footer = ServerProcess.EXIT_CODES)
public final class KafkaCommand extends ServerProcess {
  @Option(names = {"--port",
      "--kafka-port"}, defaultValue = "9092", paramLabel = "PORT", description = "Port on 127.0.0.1, 0 for any (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(names = "--data", defaultValue = "data/kafka", paramLabel = "FOLDER", description = "Folder of the records (default: ${DEFAULT-VALUE})")
  private Path data = Path.of("data", "kafka");

  @Override
  Running start() {
    EmbeddedKafka kafka = EmbeddedKafka.start(new EmbeddedKafka.Settings(data, port));
    return new Running(kafka, "Kafka listens on " + kafka.bootstrapServers(), kafka.end());
  }
}
