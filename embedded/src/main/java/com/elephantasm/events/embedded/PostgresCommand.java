package com.elephantasm.events.embedded;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the PostgreSQL server alone in the foreground until SIGTERM or Ctrl-C. */
@Command(name = "postgres", mixinStandardHelpOptions = true, description = "Runs the PostgreSQL server alone, until Ctrl-C.", footer = ServerProcess.EXIT_CODES)
public final class PostgresCommand extends ServerProcess {
  @Option(names = {"--port",
      "--postgres-port"}, defaultValue = "5433", paramLabel = "PORT", description = "Port on 127.0.0.1, 0 for any (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(names = "--data", defaultValue = "data/postgres", paramLabel = "FOLDER", description = "Folder of the database (default: ${DEFAULT-VALUE})")
  private Path data = Path.of("data", "postgres");

  @Override
  Running start() {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(data, port));
    String listens = "PostgreSQL listens on %s (user %s, password %s)".formatted(postgres.jdbcUrl(),
        postgres.username(),
        postgres.password());
    return new Running(postgres, listens, postgres.end());
  }
}
