package com.elephantasm.events.writer.command;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the replays are: in a service, or straight in Kafka and PostgreSQL. */
final class Connection {
  @ArgGroup(exclusive = false, heading = "%nOf a running service:%n")
  private Service service = new Service();

  @ArgGroup(exclusive = false, heading = "%nOr, without --url, straight on Kafka and PostgreSQL (no service is needed):%n")
  private Database database = new Database();

  @Mixin
  private KafkaOptions kafka = new KafkaOptions();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  static final class Service {
    @Option(names = "--url", paramLabel = "URL", description = "The service, such as http://127.0.0.1:8000 (default: ELEPHANTASM_URL, unless --bootstrap-servers or --jdbc-url is given)")
    private @Nullable String url;

    @Option(names = "--api-key", paramLabel = "KEY", description = "A key with the scope admin, where the service asks for one (default: ELEPHANTASM_API_KEY)")
    private @Nullable String apiKey;
  }

  static final class Database {
    @Option(names = "--jdbc-url", paramLabel = "URL", description = "Where PostgreSQL is (default: SPRING_DATASOURCE_URL, else jdbc:postgresql://127.0.0.1:5433/elephantasm)")
    private @Nullable String jdbcUrl;

    @Option(names = "--user", paramLabel = "NAME", description = "(default: SPRING_DATASOURCE_USERNAME, else elephantasm)")
    private @Nullable String user;

    @Option(names = "--password", paramLabel = "TEXT", description = "Better than here it is in SPRING_DATASOURCE_PASSWORD: others can see what is typed (default: elephantasm)")
    private @Nullable String password;
  }

  Replays open() {
    kafka.takeSettings(spec.commandLine());
    String url = url();
    if (url == null) {
      if (service.apiKey != null) {
        throw new ParameterException(spec.commandLine(), "--api-key is for a service: --url is missing");
      }
      return LocalReplays.open(arguments());
    }
    requireService(url);
    String key = service.apiKey != null ? service.apiKey : System.getenv("ELEPHANTASM_API_KEY");
    return new ServiceReplays(URI.create(url), key);
  }

  private void requireService(String url) {
    if (namesServers() || !kafka.settings().isEmpty()) {
      throw new ParameterException(spec.commandLine(),
          "--url is for a service, and that knows its Kafka and PostgreSQL: leave --url out, or all about those");
    }
    if (!url.matches("https?://[\\w.\\[\\]:-]+(/[\\w./-]*)?")) {
      throw new ParameterException(spec.commandLine(),
          "'%s' is not the URL of a service, such as http://127.0.0.1:8000".formatted(url));
    }
  }

  private boolean namesServers() {
    return kafka.bootstrapServers() != null || database.jdbcUrl != null || database.user != null
        || database.password != null;
  }

  boolean isService() {
    return url() != null;
  }

  private @Nullable String url() {
    if (service.url != null || namesServers()) {
      return service.url;
    }
    String url = System.getenv("ELEPHANTASM_URL");
    return url == null || url.isEmpty() ? null : url;
  }

  /** As Spring takes them. */
  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(kafka.arguments());
    add(arguments, "--spring.datasource.url=", database.jdbcUrl);
    add(arguments, "--spring.datasource.username=", database.user);
    add(arguments, "--spring.datasource.password=", database.password);
    return arguments;
  }

  private static void add(List<String> arguments, String setting, @Nullable String value) {
    if (value != null) {
      arguments.add(setting + value);
    }
  }

  /** The same options as they are typed, but for what is secret. */
  List<String> typed() {
    List<String> typed = new ArrayList<>();
    type(typed, "--url", service.url);
    type(typed, "--api-key", service.apiKey == null ? null : "SECRET");
    type(typed, "--jdbc-url", database.jdbcUrl);
    type(typed, "--user", database.user);
    type(typed, "--password", database.password == null ? null : "SECRET");
    typed.addAll(kafka.typed());
    return typed;
  }

  private static void type(List<String> typed, String option, @Nullable String value) {
    if (value != null) {
      typed.add(option);
      typed.add(value);
    }
  }
}
