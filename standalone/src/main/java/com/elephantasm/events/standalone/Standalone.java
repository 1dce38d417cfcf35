package com.elephantasm.events.standalone;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.supplyAsync;

import com.elephantasm.events.embedded.EmbeddedKafka;
import com.elephantasm.events.embedded.EmbeddedPostgres;
import com.elephantasm.events.embedded.EmbeddedServerException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Everything that runs: both servers, and the services that are their clients. Started once, closed once. */
final class Standalone implements AutoCloseable {
  // Also initializes logging, before several threads at once want to log.
  private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);

  private static final String HOST = "127.0.0.1";
  private static final String ADDRESS_OPTION = "--server.address=";
  private static final int RESTART_ATTEMPTS = 5;
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

  // Not the common pool: its threads do not see the classes of a jar within a jar.
  private static final Executor THREADS = task -> Thread.ofPlatform().name("start").start(task);

  private final Settings settings;
  private final List<String> springArguments;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private @Nullable CompletableFuture<EmbeddedKafka> kafka;
  private @Nullable CompletableFuture<EmbeddedPostgres> postgres;
  private @Nullable ConfigurableApplicationContext services;
  private volatile boolean closing;
  private boolean closed;

  /**
   * @param port of the HTTP API, 0 for any
   * @param kafkaPort 0 for any
   * @param postgresPort 0 for any
   * @param data created where it is missing
   */
  record Settings(int port, int kafkaPort, int postgresPort, Path data) {
    Settings {
      for (int any : List.of(port, kafkaPort, postgresPort)) {
        if (any < 0 || any > 65_535) {
          throw new IllegalArgumentException("a port must be 0 to 65535, was " + any);
        }
      }
    }
  }

  /** @param springArguments settings of the services, as {@code --name=value} */
  Standalone(Settings settings, List<String> springArguments) {
    this.settings = settings;
    this.springArguments = List.copyOf(springArguments);
  }

  /**
   * Returns when the API answers. Where it throws, nothing is left running.
   *
   * @throws PortTakenException if the port of the API is taken
   * @throws EmbeddedServerException if Kafka or PostgreSQL cannot start
   * @throws ServicesFailedException if the services cannot, which is in the log then
   */
  synchronized void start() {
    if (closing) {
      return;
    }
    try {
      requireFree(settings.port());
      kafka = supplyAsync(this::startKafka, THREADS);
      postgres = supplyAsync(() -> startPostgres(settings.postgresPort()), THREADS);
      services = Services.start(settings.port(), kafka, postgres, springArguments,
          () -> closing || serverFailure() != null);
      kafka.join().end().whenComplete((_, failure) -> ended(failure));
      postgres.join().end().whenCompleteAsync((_, failure) -> postgresEnded(failure), THREADS);
    } catch (RuntimeException e) {
      EmbeddedServerException reason = serverFailure();
      close();
      throw reason == null ? e : reason;
    }
  }

  private @Nullable EmbeddedServerException serverFailure() {
    for (CompletableFuture<?> server : Arrays.asList(kafka, postgres)) {
      if (server != null && server.isCompletedExceptionally()
          && server.exceptionNow() instanceof EmbeddedServerException failure) {
        return failure;
      }
    }
    return null;
  }

  /** Earlier than the services would find out, and in one line. Where it cannot be told, they say it. */
  private void requireFree(int port) {
    InetAddress address = address();
    if (address == null) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException _) {
      throw new PortTakenException(address.getHostAddress(), port);
    }
  }

  /** Where the API will listen; null where an option names what is no address of this machine. */
  private @Nullable InetAddress address() {
    String given = springArguments.stream().filter(option -> option.startsWith(ADDRESS_OPTION))
        .map(option -> option.substring(ADDRESS_OPTION.length())).findFirst().orElse(HOST);
    try {
      InetAddress address = InetAddress.getByName(given);
      return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null ? address : null;
    } catch (IOException _) {
      return null;
    }
  }

  private EmbeddedKafka startKafka() {
    return EmbeddedKafka.start(new EmbeddedKafka.Settings(settings.data().resolve("kafka"), settings.kafkaPort()));
  }

  private EmbeddedPostgres startPostgres(int port) {
    return EmbeddedPostgres.start(new EmbeddedPostgres.Settings(settings.data().resolve("postgres"), port));
  }

  /** @param failure null where the server was closed */
  private void ended(@Nullable Throwable failure) {
    if (failure != null) {
      end.completeExceptionally(failure);
    }
  }

  /**
   * A process of its own can be started again, and meanwhile the services wait for it. Kafka cannot: a broker that gave up leaves
   * this process in a state that nobody knows.
   */
  private synchronized void postgresEnded(@Nullable Throwable failure) {
    if (failure == null || closed) {
      return;
    }
    LOG.warn("Starting PostgreSQL again", failure);
    int port = postgres().port();
    postgres().close();
    try {
      EmbeddedPostgres again = startPostgresAgain(port);
      postgres = CompletableFuture.completedFuture(again);
      again.end().whenCompleteAsync((_, next) -> postgresEnded(next), THREADS);
    } catch (EmbeddedServerException e) {
      end.completeExceptionally(e);
    }
  }

  /** Where the server was killed, its children take a moment to see that. */
  private EmbeddedPostgres startPostgresAgain(int port) {
    for (int attempt = 1;; attempt++) {
      try {
        return startPostgres(port);
      } catch (EmbeddedServerException e) {
        if (attempt == RESTART_ATTEMPTS) {
          throw e;
        }
        LockSupport.parkNanos(RESTART_PAUSE.toNanos());
      }
    }
  }

  /** Completes when all is closed, and exceptionally when a server fails for good before. */
  CompletableFuture<Void> end() {
    return end;
  }

  /** As this machine reaches it. */
  String url() {
    WebServerApplicationContext context = (WebServerApplicationContext) requireNonNull(services, "not started");
    return "http://%s:%d".formatted(host(context.getEnvironment()),
        requireNonNull(context.getWebServer()).getPort());
  }

  private static String host(Environment settings) {
    InetAddress address = Binder.get(settings).bind("server.address", InetAddress.class).orElse(null);
    if (address == null || address.isAnyLocalAddress()) {
      return HOST;
    }
    return address instanceof Inet6Address ? "[%s]".formatted(address.getHostAddress()) : address.getHostAddress();
  }

  /** Who gets in, for a person. */
  private String access() {
    Environment settings = requireNonNull(services, "not started").getEnvironment();
    String mode = settings.getProperty("elephantasm.access.mode", "none");
    return mode.equals("none") ? "everybody on this machine (elephantasm.access.mode is none)" : "by " + mode;
  }

  EmbeddedKafka kafka() {
    return requireNonNull(kafka, "not started").join();
  }

  EmbeddedPostgres postgres() {
    return requireNonNull(postgres, "not started").join();
  }

  /** Where everything is, for a person. */
  String description() {
    return """

        Elephantasm Events is ready.

          API         %1$s/api/v1
          Docs        %1$s/docs
          Access      %7$s
          Kafka       %2$s
          PostgreSQL  %3$s (user %4$s, password %5$s)
          Data        %6$s

        Ctrl-C stops it.""".formatted(url(), kafka().bootstrapServers(), postgres().jdbcUrl(), postgres().username(),
        postgres().password(), settings.data().toAbsolutePath().normalize(), access());
  }

  /**
   * Finishes requests in flight, lets the consumers leave their group, then stops Kafka, then PostgreSQL; breaks off a start that
   * is under way. Closing again has no effect.
   */
  @Override
  public void close() {
    closing = true;
    stop();
  }

  private synchronized void stop() {
    if (closed) {
      return;
    }
    closed = true;
    // Closed in the reverse order, whatever fails.
    try (EmbeddedPostgres _ = started(postgres);
        EmbeddedKafka _ = started(kafka);
        ConfigurableApplicationContext _ = services) {
      // Nothing is left to do.
    } finally {
      end.complete(null);
    }
  }

  private static <T> @Nullable T started(@Nullable CompletableFuture<T> server) {
    return server == null ? null : server.exceptionally(_ -> null).join();
  }
}
