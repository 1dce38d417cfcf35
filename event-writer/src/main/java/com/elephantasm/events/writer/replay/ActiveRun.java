package com.elephantasm.events.writer.replay;

import com.elephantasm.events.writer.store.Tally;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A replay while this process runs it. */
final class ActiveRun implements ReplayRun {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayRun.class);

  private final Replay replay;
  private final Replays replays;
  private final Replays.LogPartitionIds ids;
  private final Supplier<KafkaConsumer<byte[], byte[]>> consumers;
  private final int batchSize;
  private final Throttle throttle = new Throttle();
  private volatile boolean stopping;
  private volatile @Nullable String phase;

  ActiveRun(Replay replay, Replays replays, Replays.LogPartitionIds ids,
      Supplier<KafkaConsumer<byte[], byte[]>> consumers, int batchSize) {
    this.replay = replay;
    this.replays = replays;
    this.ids = ids;
    this.consumers = consumers;
    this.batchSize = batchSize;
    throttle.limit(replay.throttle());
  }

  @Override
  public UUID id() {
    return replay.id();
  }

  @Override
  public ReplayRequest request() {
    return replay.request();
  }

  @Override
  public List<LogStretch> stretches() {
    return replays.stretches(replay, ids);
  }

  @Override
  public void phase(String now) {
    if (!now.equals(phase)) {
      LOG.info("Replay {}, {}: {}", replay.id(), replay.mode().wireName(), now);
      phase = now;
    }
    replays.phase(replay.id(), now);
  }

  @Override
  public void checkpoint() {
    if (stopping) {
      throw new ReplayStoppedException();
    }
  }

  /** From another thread. */
  void stop() {
    stopping = true;
  }

  void limit(@Nullable Long throttled) {
    throttle.limit(throttled);
  }

  @Override
  public void read(List<LogStretch> stretches, int threads, Consumer<ReplayBatch> handler)
      throws InterruptedException {
    new LogReading(consumers, replay.request(), throttle, batchSize, this::checkpoint).read(stretches, threads,
        handler);
  }

  @Override
  public void save(ReplayBatch batch, Tally tally, JdbcClient inTransaction) {
    if (!replays.save(replay.id(), batch, tally, inTransaction)) {
      throw new ReplayStoppedException();
    }
  }

  @Override
  public void beginAnew() {
    replays.beginAnew(replay.id());
  }

  @Override
  public void drift(Drift drift) {
    replays.drift(replay.id(), drift);
  }

  @Override
  public void result(String json) {
    replays.result(replay.id(), json);
  }
}
