package com.elephantasm.events.writer.replay;

import com.elephantasm.events.writer.store.LogPartitions;
import com.elephantasm.events.writer.store.MissingPrivilegeException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.transaction.TransactionException;

/**
 * Runs replays whose turn it is, one after the other. What a run does is saved in the transaction that does it, so one that ends
 * at any moment, with its process or without, is gone on with by whoever comes next.
 */
public final class ReplayRunner implements SmartLifecycle, MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayRunner.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  /** A run that cannot go on for now, as Kafka or PostgreSQL is away. */
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);
  /** After the web server, so that whoever waits for one hears of its end; before the consumers. */
  private static final int PHASE = 200;

  private final UUID self = UUID.randomUUID();
  private final Replays replays;
  private final LogPlan plan;
  private final LogPartitions partitions;
  private final Supplier<KafkaConsumer<byte[], byte[]>> consumers;
  private final Map<ReplayMode, ReplayWork> works = new EnumMap<>(ReplayMode.class);
  private final ReplaySettings settings;
  private volatile boolean running;
  private volatile @Nullable Thread thread;
  private volatile @Nullable ActiveRun active;
  private volatile Replays.Progress progress = Replays.Progress.NONE;

  ReplayRunner(Replays replays, LogPlan plan, LogPartitions partitions,
      Supplier<KafkaConsumer<byte[], byte[]>> consumers, List<ReplayWork> works, ReplaySettings settings) {
    this.replays = replays;
    this.plan = plan;
    this.partitions = partitions;
    this.consumers = consumers;
    this.settings = settings;
    works.forEach(work -> this.works.put(work.mode(), work));
  }

  /** Names this process among those that run replays. */
  UUID self() {
    return self;
  }

  /** What a mode is done by. */
  ReplayWork work(ReplayMode mode) {
    ReplayWork work = works.get(mode);
    if (work == null) {
      throw new IllegalStateException("nothing does the mode " + mode.wireName());
    }
    return work;
  }

  @Override
  public void start() {
    running = true;
    if (settings.runs()) {
      thread = Thread.ofPlatform().name("replays").start(this::runAll);
    }
  }

  /** Somebody has asked for a replay: there is no need to wait. */
  void wake() {
    LockSupport.unpark(thread);
  }

  private void runAll() {
    try {
      while (running) {
        if (!runNext()) {
          LockSupport.parkNanos(PAUSE.toNanos());
        }
        if (Thread.interrupted()) {
          return;
        }
      }
    } catch (InterruptedException _) {
      // stop() asked for it
    }
  }

  /** False where there is none, or none that can be run now; one that was claimed is free again after its lease. */
  private boolean runNext() throws InterruptedException {
    try {
      Optional<UUID> next = replays.claim(self, null, settings.atOnce(), settings.lease());
      if (next.isPresent()) {
        runClaimed(next.get());
      }
      return next.isPresent();
    } catch (BadSqlGrammarException _) {
      return false; // not migrated yet
    } catch (DataAccessException | TransactionException e) {
      LOG.debug("Cannot run replays now", e);
      return false;
    }
  }

  /**
   * Runs one replay in the calling thread, as soon as it is its turn, until it has ended or is paused.
   *
   * @return in which state it is then
   */
  public ReplayState run(UUID id) throws InterruptedException {
    while (replays.claim(self, id, settings.atOnce(), settings.lease()).isEmpty()) {
      ReplayState state = replays.find(id).map(Replay::state).orElseThrow();
      if (state.isFinal() || state == ReplayState.PAUSED) {
        return state;
      }
      replays.renew(id, self, settings.lease(), null);
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    }
    runClaimed(id);
    return replays.find(id).map(Replay::state).orElseThrow();
  }

  private void runClaimed(UUID id) throws InterruptedException {
    Replay replay = replays.find(id).orElseThrow();
    ActiveRun run = new ActiveRun(replay, replays,
        (topicId, partition) -> partitions.idOf(topicId, replay.request().topic(), partition), consumers,
        settings.batchSize());
    active = run;
    Watch watch = new Watch(id, run);
    Thread watching = Thread.ofPlatform().name("replay-watch").daemon().start(watch);
    try {
      LOG.info("Running replay {}, {} of {}", id, replay.mode().wireName(), replay.request().topic());
      end(id, watch, work(replay.mode()), outcome(replay, run));
    } finally {
      active = null;
      watch.ended.countDown();
      watching.join();
      progress = Replays.Progress.NONE;
    }
  }

  /** How it has ended; null where it was told to stop. */
  private @Nullable Ended outcome(Replay replay, ActiveRun run) throws InterruptedException {
    while (true) {
      try {
        run.checkpoint();
        plan.requireSameTopic(replay, run.stretches());
        work(replay.mode()).run(run);
        return new Ended(ReplayState.COMPLETED, null);
      } catch (ReplayStoppedException _) {
        return null;
      } catch (ReplayFailedException | MissingPrivilegeException e) {
        LOG.warn("Replay {} has failed: {}", replay.id(), e.getMessage());
        return new Ended(ReplayState.FAILED, e.getMessage());
      } catch (DataAccessException | TransactionException | org.apache.kafka.common.KafkaException e) {
        LOG.warn("Replay {} waits: {}", replay.id(), e.getMessage());
        LOG.debug("What it waits for", e);
        pause(run);
      } catch (RuntimeException | Error e) {
        LOG.error("Replay {} has failed", replay.id(), e);
        return new Ended(ReplayState.FAILED, "the replay itself fails: " + e);
      }
    }
  }

  private static void pause(ActiveRun run) throws InterruptedException {
    long end = System.nanoTime() + RETRY.toNanos();
    while (System.nanoTime() - end < 0) {
      try {
        run.checkpoint();
      } catch (ReplayStoppedException _) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private record Ended(ReplayState state, @Nullable String detail) {}

  private void end(UUID id, Watch watch, ReplayWork work, @Nullable Ended ended) throws InterruptedException {
    Ended end = ended != null ? ended : new Ended(watch.wanted == null ? ReplayState.PENDING : watch.wanted, null);
    for (boolean saved = watch.lost; !saved;) {
      try {
        if (end.state() == ReplayState.FAILED || end.state() == ReplayState.CANCELLED) {
          work.discard(id);
        }
        replays.end(id, self, end.state(), end.detail());
        LOG.info("Replay {} is {}", id, end.state().wireName());
        saved = true;
      } catch (DataAccessException | TransactionException e) {
        if (!running) {
          return; // Its lease ends by itself.
        }
        LOG.warn("Replay {} has ended, which cannot be saved yet: {}", id, e.getMessage());
        TimeUnit.MILLISECONDS.sleep(RETRY.toMillis());
      }
    }
  }

  /** Renews the lease, and looks what is wanted. */
  private final class Watch implements Runnable {
    private static final int LOOKS_PER_LEASE = 10;
    private static final Duration LONGEST_STEP = Duration.ofSeconds(1);

    private final UUID id;
    private final ActiveRun run;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable ReplayState wanted;
    private volatile boolean lost;

    private Watch(UUID id, ActiveRun run) {
      this.id = id;
      this.run = run;
    }

    @Override
    public void run() {
      Duration step = settings.lease().dividedBy(LOOKS_PER_LEASE);
      long pause = Math.min(step.toMillis(), LONGEST_STEP.toMillis());
      Pace pace = new Pace();
      try {
        while (!ended.await(pause, TimeUnit.MILLISECONDS)) {
          look(pace);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    private void look(Pace pace) {
      try {
        Replays.Progress now = replays.progress(id);
        progress = now;
        pace.look(now.read());
        Optional<Replays.Control> control = replays.renew(id, self, settings.lease(), pace.rate());
        if (control.isEmpty()) {
          lost = true;
          run.stop();
          return;
        }
        run.limit(control.get().throttle());
        if (control.get().wanted() != null) {
          wanted = control.get().wanted();
          run.stop();
        }
      } catch (DataAccessException | TransactionException e) {
        LOG.debug("Cannot renew the lease of replay {}", id, e);
      }
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("elephantasm.replays.running", () -> active == null ? 0 : 1)
        .description("Replays that this process runs").register(registry);
    Gauge.builder("elephantasm.replay.read", () -> progress.read()).baseUnit("records")
        .description("What the replay that this process runs has read").register(registry);
    Gauge.builder("elephantasm.replay.remaining", () -> progress.remaining()).baseUnit("records")
        .description("What the replay that this process runs has still to read").register(registry);
  }

  @Override
  public void stop() {
    running = false;
    ActiveRun run = active;
    if (run != null) {
      run.stop();
    }
    Thread runs = thread;
    if (runs != null) {
      LockSupport.unpark(runs);
      try {
        if (!runs.join(LONGEST_STOP)) {
          runs.interrupt();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
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
