package com.elephantasm.events.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka broker (KRaft, its own controller) in this JVM, listening on 127.0.0.1 only. Topics are not created by themselves,
 * and records are kept for ever unless their topic says otherwise.
 *
 * <p>
 * Every record is flushed to the disk before it is acknowledged ({@code log.flush.interval.messages=1}), because this broker has
 * no second replica to recover from: acknowledged records survive both the death of the process and a loss of power. The price is
 * one flush per produced batch and partition; see {@link KafkaSettings}.
 *
 * <p>
 * Stop it after its clients and before the database, with {@link #close()}: it registers no shutdown hook. A closed server can be
 * started again in the same JVM, on the same folder and port.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final Set<EmbeddedKafka> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    // A fatal error of the broker would otherwise end this JVM, and with it services that outlive a broker's outage.
    Exit.setExitProcedure(EmbeddedKafka::brokerGivesUp);
    Exit.setHaltProcedure(EmbeddedKafka::brokerGivesUp);
  }

  private final DataFolder folder;
  private final KafkaRaftServer server;
  private final String bootstrapServers;
  private final @Nullable Path temporary;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private boolean closed;

  private EmbeddedKafka(DataFolder folder, KafkaRaftServer server, int port, @Nullable Path temporary) {
    this.folder = folder;
    this.server = server;
    this.bootstrapServers = Ports.HOST + ":" + port;
    this.temporary = temporary;
  }

  /**
   * @param dataFolder created where it is missing; one process at a time may use it
   * @param port 0 for any free one
   * @param more settings of the broker above those that it has here, such as an authorizer. Those that are lists of listeners
   *     ({@code listeners}, {@code advertised.listeners}, {@code listener.security.protocol.map}) are added to its own
   */
  public record Settings(Path dataFolder, int port, Map<String, String> more) {
    public Settings {
      Ports.requireValid(port);
      more = Map.copyOf(more);
    }

    public Settings(Path dataFolder, int port) {
      this(dataFolder, port, Map.of());
    }
  }

  /** A broker for tests: any free port, and a temporary folder that {@link #close()} deletes. */
  public static EmbeddedKafka start() {
    Path temporary = Temporary.folder("elephantasm-kafka-");
    return start(new Settings(temporary.resolve("kafka"), 0), temporary);
  }

  /**
   * Returns when the broker answers.
   *
   * @throws EmbeddedServerException if the port is taken, the folder is in use or no data folder of Kafka, or the broker does not
   *     start; nothing is left running
   */
  public static EmbeddedKafka start(Settings settings) {
    return start(settings, null);
  }

  private static EmbeddedKafka start(Settings settings, @Nullable Path temporary) {
    DataFolder folder = DataFolder.hold(settings.dataFolder());
    try {
      int port = Ports.claim(settings.port(), "Kafka");
      folder.initializeOnce("meta.properties", "Kafka", EmbeddedKafka::format);
      KafkaConfig config = new KafkaConfig(
          KafkaSettings.of(folder.path(), port, Ports.claim(0, "Kafka"), settings.more()), false);
      EmbeddedKafka kafka = new EmbeddedKafka(folder, new KafkaRaftServer(config, Time.SYSTEM), port, temporary);
      kafka.startServer();
      return kafka;
    } catch (EmbeddedServerException e) {
      folder.close();
      throw e;
    } catch (Exception e) {
      folder.close();
      throw new EmbeddedServerException("Kafka did not start in %s: %s".formatted(folder.path(), rootMessage(e)), e);
    }
  }

  private static void format(Path folder) throws IOException {
    try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter().setPrintStream(silent)
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(KafkaSettings.NODE_ID)
          .setControllerListenerName(KafkaSettings.CONTROLLER_LISTENER)
          .setMetadataLogDirectory(folder.toString())
          .addDirectory(folder.toString())
          .run();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void startServer() {
    RUNNING.add(this);
    try {
      server.startup();
    } catch (Throwable e) {
      RUNNING.remove(this);
      server.shutdown();
      throw e;
    }
  }

  private static void brokerGivesUp(int status, @Nullable String message) {
    String reason = "Kafka gave up with status %d%s".formatted(status, message == null ? "" : ": " + message);
    EmbeddedServerException failure = new EmbeddedServerException(reason + "; the log says why");
    LOG.error(reason, failure);
    RUNNING.forEach(kafka -> kafka.end.completeExceptionally(failure));
    // What asked for the end of the process does not expect to live on.
    throw failure;
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() instanceof Throwable cause) {
      root = cause;
    }
    return root.toString();
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /**
   * Completes when the server is closed, and exceptionally, with an {@link EmbeddedServerException}, when it fails for good
   * before. Then it serves nobody any more: close it, and start it anew or end the process.
   */
  public CompletableFuture<Void> end() {
    return end.copy();
  }

  /** Stops the broker cleanly and waits for it; the data stays. Closing again has no effect. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      server.shutdown();
      server.awaitShutdown();
    } finally {
      RUNNING.remove(this);
      folder.close();
      end.complete(null);
    }
    if (temporary != null) {
      Temporary.delete(temporary);
    }
  }
}
