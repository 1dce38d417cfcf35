package com.elephantasm.events.log;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Reads outcomes for as long as the service runs. */
final class OutcomeListener implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeListener.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String topic;
  private final TopicCreation topics;
  private final WaitingRequests requests;
  private volatile @Nullable OutcomeReader reader;

  OutcomeListener(Supplier<Consumer<byte[], byte[]>> consumers, String topic, TopicCreation topics,
      WaitingRequests requests) {
    this.consumers = consumers;
    this.topic = topic;
    this.topics = topics;
    this.requests = requests;
  }

  /** Waits for the reader only where Kafka is there: the outcome of the very first request must not be missed. */
  @Override
  public void start() {
    OutcomeReader started = OutcomeReader.start(consumers, topic, requests);
    reader = started;
    if (topics.topicsExist() && !started.awaitReady(PATIENCE)) {
      LOG.warn("Outcomes are not read yet; requests that wait for one may be answered before it is known");
    }
  }

  /** Whether outcomes published from now on will be seen. While Kafka is away that is so: they are read when it comes back. */
  boolean isReading() {
    OutcomeReader running = reader;
    return running != null && running.isReading();
  }

  @Override
  public void stop() {
    OutcomeReader running = reader;
    reader = null;
    if (running != null) {
      running.stop();
    }
    requests.release();
  }

  @Override
  public boolean isRunning() {
    return reader != null;
  }

  /** Before the web server, whose requests wait for outcomes, and ends after it. */
  @Override
  public int getPhase() {
    return 0;
  }
}
