package com.elephantasm.events.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL 18 server, a process of its own that listens on 127.0.0.1 only, with a database "elephantasm" that belongs to the
 * role "elephantasm", which is no superuser. A commit that was acknowledged survives both the death of any process and a loss of
 * power ({@code fsync}, {@code synchronous_commit} and {@code full_page_writes} are on and cannot be set off).
 *
 * <p>
 * The superuser is "postgres"; its password is in the file {@code superuser.password} in the data folder, for its owner alone.
 * The server's log is {@code <data folder>.log}.
 *
 * <p>
 * Stop it last, with {@link #close()}: no shutdown hook does, except for a temporary server. Where this process is killed instead, the server lives on,
 * and the next start on the same folder stops it and starts anew. A closed server can be started again, on the same folder and
 * port.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private final DataFolder folder;
  private final PostgresServer server;
  private final PostgresDatabase database;
  private final int port;
  private final @Nullable Path temporary;
  private final CompletableFuture<Void> end;
  private volatile boolean closed;

  private EmbeddedPostgres(DataFolder folder, PostgresServer server, PostgresDatabase database, int port,
      @Nullable Path temporary) {
    this.folder = folder;
    this.server = server;
    this.database = database;
    this.port = port;
    this.temporary = temporary;
    this.end = server.end().thenRun(this::requireClosed);
  }

  /**
   * @param dataFolder created where it is missing; one process at a time may use it
   * @param port 0 for any free one
   */
  public record Settings(Path dataFolder, int port) {
    public Settings {
      Ports.requireValid(port);
    }
  }

  /**
   * A server for tests: any free port, and a temporary folder that {@link #close()} deletes. Unlike others it is also closed when
   * the JVM ends, because nobody would ever find it again.
   */
  public static EmbeddedPostgres start() {
    Path temporary = Temporary.folder("elephantasm-postgres-");
    EmbeddedPostgres postgres = start(new Settings(temporary.resolve("postgres"), 0), temporary);
    Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "stop-temporary-postgres"));
    return postgres;
  }

  /**
   * Returns when the server answers, which takes longer where it has to recover after a crash. The first start on this machine
   * unpacks PostgreSQL into {@code .cache/elephantasm} in the user's home.
   *
   * @throws EmbeddedServerException if the port is taken, the folder is in use or no data folder of PostgreSQL, the platform has no
   *     binaries, or the server does not start; nothing is left running
   */
  public static EmbeddedPostgres start(Settings settings) {
    return start(settings, null);
  }

  private static EmbeddedPostgres start(Settings settings, @Nullable Path temporary) {
    DataFolder folder = DataFolder.hold(settings.dataFolder());
    try {
      PostgresServer server = new PostgresServer(PostgresBinaries.unpacked(), folder);
      server.stopLeftover();
      int port = Ports.claim(settings.port(), "PostgreSQL");
      folder.initializeOnce("PG_VERSION", "PostgreSQL", _ -> server.initialize());
      server.start(port);
      return new EmbeddedPostgres(folder, server, prepareDatabase(server, folder, port), port, temporary);
    } catch (EmbeddedServerException e) {
      folder.close();
      throw e;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw new EmbeddedServerException("PostgreSQL did not start in %s: %s".formatted(folder.path(), e), e);
    }
  }

  private static PostgresDatabase prepareDatabase(PostgresServer server, DataFolder folder, int port)
      throws IOException {
    try {
      PostgresDatabase database = new PostgresDatabase(port, server.superuserPassword());
      database.requireServedFrom(folder.path());
      database.createIfMissing();
      return database;
    } catch (SQLException | IOException | RuntimeException e) {
      server.stop();
      throw new EmbeddedServerException("PostgreSQL on port %d does not answer as it should: %s".formatted(port, e), e);
    }
  }

  public String jdbcUrl() {
    return database.jdbcUrl();
  }

  public String username() {
    return PostgresDatabase.NAME;
  }

  public String password() {
    return PostgresDatabase.NAME;
  }

  public int port() {
    return port;
  }

  /** A connection of the superuser to the database. */
  Connection connectAsSuperuser() throws SQLException {
    return database.connectAsSuperuser(PostgresDatabase.NAME);
  }

  /**
   * Completes when the server is closed, and exceptionally, with an {@link EmbeddedServerException}, when it ends before. Then
   * close it, and start it anew or end the process.
   */
  public CompletableFuture<Void> end() {
    return end.copy();
  }

  private void requireClosed() {
    if (!closed) {
      throw new EmbeddedServerException("PostgreSQL has ended; its log %s says why".formatted(server.log()));
    }
  }

  /** Ends open connections, stops the server and waits for it; the data stays. Closing again has no effect. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      folder.close();
    }
    if (temporary != null) {
      Temporary.delete(temporary);
    }
  }
}
