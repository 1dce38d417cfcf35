package com.elephantasm.events.servers;

import com.elephantasm.events.embedded.EmbeddedKafka;
import com.elephantasm.events.embedded.Ports;
import org.jspecify.annotations.Nullable;

final class EmbeddedTestKafka implements TestKafka {
  private final TemporaryFolder folder = new TemporaryFolder("elephantasm-kafka-");
  private final EmbeddedKafka.Settings settings = new EmbeddedKafka.Settings(folder.resolve("kafka"), Ports.anyFree());
  private @Nullable EmbeddedKafka running;

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + settings.port();
  }

  @Override
  public synchronized void stop() {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  @Override
  public synchronized void restart() {
    running = EmbeddedKafka.start(settings);
  }

  @Override
  public synchronized void close() {
    stop();
    folder.delete();
  }
}
