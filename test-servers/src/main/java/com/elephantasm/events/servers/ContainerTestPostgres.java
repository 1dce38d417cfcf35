package com.elephantasm.events.servers;

import com.elephantasm.events.embedded.Ports;
import com.elephantasm.events.embedded.PostgresSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The server in a container of PostgreSQL's official image. */
public final class ContainerTestPostgres implements TestPostgres {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long SHARED_MEMORY_BYTES = 256 << 20;

  private final int port = Ports.anyFree();
  private final String superuserPassword = UUID.randomUUID().toString();
  private final PostgreSQLContainer container = new OfRole(this);

  /** Which tells the application's role, and not the superuser, to Boot's service connection. */
  private static final class OfRole extends PostgreSQLContainer {
    private final ContainerTestPostgres postgres;

    OfRole(ContainerTestPostgres postgres) {
      super("postgres:18");
      this.postgres = postgres;
    }

    @Override
    public String getUsername() {
      return postgres.username();
    }

    @Override
    public String getPassword() {
      return postgres.password();
    }
  }

  ContainerTestPostgres() {
    container.withDatabaseName("elephantasm").withUsername(SUPERUSER).withPassword(superuserPassword);
    // The same after a restart.
    container.setPortBindings(List.of(port + ":5432"));
    container.withSharedMemorySize(SHARED_MEMORY_BYTES);
    container.withEnv("POSTGRES_INITDB_ARGS", String.join(" ", PostgresSettings.locale()));
    container.withCopyToContainer(Transferable.of("""
        CREATE ROLE elephantasm LOGIN PASSWORD 'elephantasm';
        ALTER DATABASE elephantasm OWNER TO elephantasm;
        """), "/docker-entrypoint-initdb.d/elephantasm.sql");
    container.setCommand(Stream.concat(Stream.of("postgres"),
        Stream.concat(PostgresSettings.durable().stream(), PostgresSettings.preset().stream())
            .flatMap(setting -> Stream.of("-c", setting)))
        .toArray(String[]::new));
    container.start();
  }

  /** For Boot's service connection. */
  public PostgreSQLContainer container() {
    return container;
  }

  @Override
  public String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/elephantasm".formatted(container.getHost(), port);
  }

  @Override
  public String superuserPassword() {
    return superuserPassword;
  }

  @Override
  public void stop() {
    if (!container.isRunning()) {
      return;
    }
    // By the signal that the image has for it: a fast shutdown.
    container.getDockerClient().stopContainerCmd(container.getContainerId())
        .withTimeout(Math.toIntExact(PATIENCE.toSeconds()))
        .exec();
  }

  @Override
  public void restart() {
    container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
    Awaitility.await().atMost(PATIENCE).ignoreExceptionsInstanceOf(SQLException.class).until(this::answers);
  }

  private boolean answers() throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl(), username(), password())) {
      return connection.isValid(1);
    }
  }

  @Override
  public void pause() {
    container.getDockerClient().pauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void unpause() {
    container.getDockerClient().unpauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void close() {
    container.stop();
  }
}
