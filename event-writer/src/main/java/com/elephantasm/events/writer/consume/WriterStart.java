package com.elephantasm.events.writer.consume;

import com.elephantasm.events.settings.SettingException;
import com.elephantasm.events.writer.store.StoreMigration;
import java.time.Duration;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Migrates the database, then lets the consumers start. Where the database is away both wait for it beside everything else: the
 * service is alive, not ready, and can be stopped.
 */
final class WriterStart implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(WriterStart.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Starts before the web server and stops after it, so that requests in flight still get their outcome. */
  static final int PHASE = 100;

  private final StoreMigration migration;
  private final ConcurrentMessageListenerContainer<?, ?> consumers;
  private volatile @Nullable Thread waiting;
  private volatile boolean running;
  private volatile boolean consuming;

  WriterStart(StoreMigration migration, ConcurrentMessageListenerContainer<?, ?> consumers) {
    this.migration = migration;
    this.consumers = consumers;
  }

  @Override
  public void start() {
    running = true;
    if (migration.done()) {
      consumers.start();
      consuming = true;
    } else {
      LOG.warn("PostgreSQL is away: starting without it; nothing is stored or read until it is there");
      waiting = Thread.ofPlatform().name("await-database").start(this::startWhenMigrated);
    }
  }

  private void startWhenMigrated() {
    try {
      do {
        Thread.sleep(RETRY);
      } while (running && !migration.done());
      startConsumers();
    } catch (InterruptedException _) {
      // stop() asked for it
    } catch (FlywayException | SettingException e) {
      LOG.error("The database cannot be migrated: nothing is stored", e);
    }
  }

  private synchronized void startConsumers() {
    if (running) {
      consumers.start();
      consuming = true;
      LOG.info("PostgreSQL is there");
    }
  }

  /** Whether the consumers were started. */
  boolean isConsuming() {
    return consuming;
  }

  /** Whether the consumers were started and one is no more, as after an {@link OutOfMemoryError}. */
  boolean someConsumerEnded() {
    return consuming && consumers.getContainers().stream().filter(MessageListenerContainer::isRunning)
        .count() < consumers.getConcurrency();
  }

  @Override
  public void stop() {
    synchronized (this) {
      running = false;
      consuming = false;
    }
    Thread thread = waiting;
    if (thread != null) {
      thread.interrupt();
    }
    consumers.stop();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
