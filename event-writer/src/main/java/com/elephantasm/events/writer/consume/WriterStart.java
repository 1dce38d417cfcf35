package com.elephantasm.events.writer.consume;

import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/**
 * Migrates the database, then lets the consumers start. Where the database is away both wait for it beside everything else: the
 * service is alive, not ready, and can be stopped.
 */
final class WriterStart implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(WriterStart.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Starts before the web server and stops after it, so that requests in flight still get their outcome. */
  private static final int PHASE = 100;

  private final Flyway flyway;
  private final ConcurrentMessageListenerContainer<?, ?> consumers;
  private volatile @Nullable Thread waiting;
  private volatile boolean running;

  WriterStart(Flyway flyway, ConcurrentMessageListenerContainer<?, ?> consumers) {
    this.flyway = flyway;
    this.consumers = consumers;
  }

  @Override
  public void start() {
    running = true;
    if (migrated()) {
      consumers.start();
    } else {
      LOG.warn("PostgreSQL is away: starting without it; nothing is stored or read until it is there");
      waiting = Thread.ofPlatform().name("await-database").start(this::startWhenMigrated);
    }
  }

  private void startWhenMigrated() {
    try {
      do {
        Thread.sleep(RETRY);
      } while (running && !migrated());
      startConsumers();
    } catch (InterruptedException _) {
      // stop() asked for it
    } catch (FlywayException e) {
      LOG.error("The database cannot be migrated: nothing is stored", e);
    }
  }

  private synchronized void startConsumers() {
    if (running) {
      consumers.start();
      LOG.info("PostgreSQL is there");
    }
  }

  /** @throws FlywayException where the database is there and the migration is what fails */
  private boolean migrated() {
    try {
      flyway.migrate();
      return true;
    } catch (FlywayException e) {
      if (isAboutTheConnection(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Class 08 of PostgreSQL's error codes, 57P for a server that starts or stops, and the pool's own timeout. */
  private static boolean isAboutTheConnection(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && (sql.getSQLState() == null || sql.getSQLState().startsWith("08")
          || sql.getSQLState().startsWith("57P"))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void stop() {
    synchronized (this) {
      running = false;
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
