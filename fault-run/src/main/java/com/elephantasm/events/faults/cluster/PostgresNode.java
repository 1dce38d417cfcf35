package com.elephantasm.events.faults.cluster;

import com.elephantasm.events.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL server and all of its processes. */
public final class PostgresNode implements Node {
  private final Path folder;
  private final int port;
  private @Nullable EmbeddedPostgres server;

  PostgresNode(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  @Override
  public String name() {
    return "database";
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:%d/elephantasm".formatted(port);
  }

  public String username() {
    return "elephantasm";
  }

  public String password() {
    return "elephantasm";
  }

  @Override
  public synchronized void start() {
    server = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(folder, port));
  }

  @Override
  public boolean isReady() {
    try (Connection _ = connect()) {
      return true;
    } catch (SQLException _) {
      return false;
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl() + "?loginTimeout=5&socketTimeout=30", username(), password());
  }

  @Override
  public synchronized Stopped stop(Duration patience) {
    close();
    return new Stopped(true, 0);
  }

  /** Kills the postmaster; its children end when they notice. */
  @Override
  public synchronized void kill() {
    processes().findFirst().ifPresent(postmaster -> {
      List<ProcessHandle> children = postmaster.descendants().toList();
      postmaster.destroyForcibly();
      postmaster.onExit().join();
      // The next start has to wait for them: they hold the shared memory.
      children.forEach(child -> child.onExit().join());
    });
    close();
  }

  private void close() {
    EmbeddedPostgres running = server;
    server = null;
    if (running != null) {
      running.close();
    }
  }

  /** Kills the process that serves one connection; PostgreSQL then ends all others too and recovers by itself. */
  public void killBackend() {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      var pid = statement.executeQuery("SELECT pg_backend_pid()");
      pid.next();
      ProcessHandle.of(pid.getLong(1)).ifPresent(ProcessHandle::destroyForcibly);
    } catch (SQLException _) {
      // The connection does not survive its process.
    }
  }

  /** Ends every connection, as a failover or an operator does. */
  public void terminateConnections() {
    execute("""
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE usename = current_user AND pid <> pg_backend_pid()
        """);
  }

  /** Holds a lock that lets nobody write events, or read them. */
  public void lockEvents(Duration lasting) {
    execute("LOCK events IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(%s)".formatted(lasting.toMillis() / 1000.0));
  }

  private void execute(String sql) {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(sql);
      connection.commit();
    } catch (SQLException _) {
      // Another fault got in its way; that is one, too.
    }
  }

  @Override
  public void freeze() {
    processes().forEach(process -> Signals.stop(process.pid()));
  }

  @Override
  public void thaw() {
    processes().forEach(process -> Signals.resume(process.pid()));
  }

  @Override
  public boolean isRunning() {
    return processes().findAny().isPresent();
  }

  /** The postmaster first. */
  private Stream<ProcessHandle> processes() {
    Path file = folder.resolve("postmaster.pid");
    try {
      if (!Files.exists(file)) {
        return Stream.empty();
      }
      String first = Files.readAllLines(file).getFirst().strip();
      return ProcessHandle.of(Long.parseLong(first)).stream()
          .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
