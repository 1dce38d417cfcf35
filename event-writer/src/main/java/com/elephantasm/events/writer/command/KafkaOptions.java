package com.elephantasm.events.writer.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where Kafka is, and any other setting of the event-writer. */
final class KafkaOptions {
  private static final String SETTING = "--[a-z][\\w-]*(\\.[\\w\\[\\]-]+)+=.*";

  @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT", description = "Where Kafka is (default: SPRING_KAFKA_BOOTSTRAP_SERVERS, else localhost:9092). Any other setting of the event-writer is an option too, such as --spring.kafka.security.protocol=SASL_SSL")
  private @Nullable String bootstrapServers;

  private List<String> settings = List.of();

  @Nullable
  String bootstrapServers() {
    return bootstrapServers;
  }

  List<String> settings() {
    return settings;
  }

  /**
   * Takes what is no option of the command, which picocli gives to no mixin. What Spring would take for something else, or not at
   * all, is a slip of the pen.
   */
  void takeSettings(CommandLine command) {
    settings = command.getParseResult().unmatched();
    for (String argument : settings) {
      if (!argument.matches(SETTING)) {
        throw new ParameterException(command,
            "'%s' is neither an option nor a setting such as --spring.kafka.security.protocol=SASL_SSL"
                .formatted(argument));
      }
    }
  }

  /** As Spring takes them. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>(settings);
    if (bootstrapServers != null) {
      arguments.add("--spring.kafka.bootstrap-servers=" + bootstrapServers);
    }
    return arguments;
  }

  /** The same options as they are typed, but for what is secret. */
  List<String> typed() {
    List<String> typed = new ArrayList<>();
    if (bootstrapServers != null) {
      typed.addAll(List.of("--bootstrap-servers", bootstrapServers));
    }
    for (String setting : settings) {
      typed.add(setting.matches("(?i)[^=]*(password|secret|jaas|token|key)[^=]*=.*")
          ? setting.substring(0, setting.indexOf('=') + 1) + "SECRET"
          : setting);
    }
    return typed;
  }
}
