package com.elephantasm.events.servers;

import com.elephantasm.events.embedded.KafkaSettings;
import com.elephantasm.events.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.AppInfoParser;
import org.awaitility.Awaitility;
import org.testcontainers.kafka.KafkaContainer;

/** The broker in a container of Apache Kafka's own image, of the version that the clients have. */
public final class ContainerTestKafka implements TestKafka {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final int port = Ports.anyFree();
  private final KafkaContainer container = new KafkaContainer("apache/kafka:" + AppInfoParser.getVersion());

  ContainerTestKafka() {
    // The same after a restart.
    container.setPortBindings(List.of(port + ":9092"));
    KafkaSettings.ofOneBroker().forEach((name, value) -> container.withEnv(variable(name), value));
  }

  /** As the image's documentation maps them. */
  private static String variable(String setting) {
    return "KAFKA_" + setting.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** For Boot's service connection. */
  public KafkaContainer container() {
    return container;
  }

  @Override
  public String bootstrapServers() {
    return container.getHost() + ":" + port;
  }

  @Override
  public void stop() {
    if (!container.isRunning()) {
      return;
    }
    try {
      // The container's own process is a shell, which would not pass on the signal of a "docker stop".
      container.execInContainer("pkill", "java");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Awaitility.await().atMost(PATIENCE).until(() -> !container.isRunning());
  }

  @Override
  public void restart() {
    if (container.getContainerId() == null) {
      container.start();
      return;
    }
    container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      Awaitility.await().atMost(PATIENCE).ignoreExceptions()
          .until(() -> !admin.describeCluster().nodes().get().isEmpty());
    }
  }

  @Override
  public void close() {
    container.stop();
  }
}
