package com.elephantasm.events.writer.replay;

import com.elephantasm.events.schema.TimeOrderedId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where replays are asked for, looked at, and told what to do. Safe for threads. */
public final class ReplayDesk {
  private static final List<ReplayState> NOT_ENDED = List.of(ReplayState.PENDING, ReplayState.RUNNING,
      ReplayState.PAUSED);

  private final Replays replays;
  private final LogPlan plan;
  private final ReplayRunner runner;
  private final ReplaySettings settings;
  private final Clock clock;

  ReplayDesk(Replays replays, LogPlan plan, ReplayRunner runner, ReplaySettings settings, Clock clock) {
    this.replays = replays;
    this.plan = plan;
    this.runner = runner;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Asks for a replay, which any process of the store may run. It reads the log from where that begins, or the request says, to
   * where it ends now: what comes later is not of it.
   *
   * @param by who asks, where that has a name
   * @throws ImpossibleReplayException where there is no such thing to read
   * @throws org.apache.kafka.common.KafkaException where Kafka is away
   */
  public Replay request(ReplayRequest request, @Nullable String by) throws InterruptedException {
    Replay replay = add(request, by, null);
    runner.wake();
    return replay;
  }

  /** The same for one that this process runs itself, by {@link ReplayRunner#run}. */
  public Replay requestHere(ReplayRequest request, @Nullable String by) throws InterruptedException {
    return add(request, by, runner.self());
  }

  private Replay add(ReplayRequest request, @Nullable String by, @Nullable UUID only) throws InterruptedException {
    List<LogStretch> stretches = plan.of(request);
    UUID id = TimeOrderedId.at(clock.instant());
    replays.add(id, request, stretches, by, only, settings.lease());
    return replays.find(id).orElseThrow();
  }

  public Optional<Replay> find(UUID id) {
    return replays.find(id);
  }

  /**
   * The newest first.
   *
   * @param before only older ones than this
   * @param visible only those that are about one of these spirits alone; null is all
   */
  public List<Replay> list(@Nullable ReplayState state, @Nullable UUID before, UUID @Nullable [] visible, int limit) {
    return replays.list(state, before, visible, limit);
  }

  /**
   * Stops it where it stands, within a second or so; it can be resumed.
   *
   * @throws ReplayStateException where it has ended
   */
  public void pause(UUID id) {
    if (!replays.want(id, ReplayState.PAUSED)
        && !replays.move(id, List.of(ReplayState.PENDING, ReplayState.RUNNING), ReplayState.PAUSED)) {
      requireState(id, ReplayState.PAUSED, "paused");
    }
  }

  /**
   * Lets it go on where it stood, when it is its turn.
   *
   * @throws ReplayStateException where it has ended
   */
  public void resume(UUID id) {
    if (!replays.move(id, List.of(ReplayState.PAUSED), ReplayState.PENDING)) {
      Replay replay = replays.find(id).orElseThrow();
      if (replay.state().isFinal()) {
        throw notNow(replay, "resumed");
      }
    }
    runner.wake();
  }

  /** The same in this process, by {@link ReplayRunner#run}. */
  public void resumeHere(UUID id) {
    if (!replays.reserve(id, runner.self(), settings.lease())) {
      Replay replay = replays.find(id).orElseThrow();
      throw notNow(replay, "resumed here");
    }
  }

  /**
   * Ends it, within a second or so. What it has applied stays; what it has made beside the store is removed.
   *
   * @throws ReplayStateException where it has ended otherwise
   */
  public void cancel(UUID id) {
    if (replays.want(id, ReplayState.CANCELLED)) {
      return;
    }
    if (replays.move(id, NOT_ENDED, ReplayState.CANCELLED)) {
      runner.work(replays.find(id).orElseThrow().mode()).discard(id);
    } else {
      requireState(id, ReplayState.CANCELLED, "cancelled");
    }
  }

  private void requireState(UUID id, ReplayState state, String what) {
    Replay replay = replays.find(id).orElseThrow();
    if (replay.state() != state) {
      throw notNow(replay, what);
    }
  }

  /**
   * Changes how many records are read in a second, also while it runs.
   *
   * @throws ReplayStateException where it has ended
   */
  public void throttle(UUID id, @Nullable Long throttle) {
    if (!replays.throttle(id, throttle)) {
      throw notNow(replays.find(id).orElseThrow(), "throttled");
    }
  }

  private static ReplayStateException notNow(Replay replay, String what) {
    return new ReplayStateException(replay.state(),
        "the replay is %s, and cannot be %s".formatted(replay.state().wireName(), what));
  }
}
