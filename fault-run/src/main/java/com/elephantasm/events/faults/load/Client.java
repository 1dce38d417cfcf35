package com.elephantasm.events.faults.load;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.random.RandomGenerator;

/** Somebody who uses the pipeline, one step after the other, at the pace of its kind. */
abstract class Client implements Runnable {
  final String name;
  final Bench bench;
  final RandomGenerator random;
  final EventMaker maker;
  private final Pace pace;

  Client(String name, Bench bench, RandomGenerator random, Pace pace) {
    this.name = name;
    this.bench = bench;
    this.random = random;
    this.pace = pace;
    maker = new EventMaker(bench.history(), random);
  }

  @Override
  public final void run() {
    try {
      while (pace.await(nextAttempts(), bench.stopping())) {
        step();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      bench.history().contradicted(name, Anomaly.Kind.LOAD_FAILED, "it cannot go on: " + trace);
    }
  }

  /** How many attempts the next step makes where nothing fails. */
  abstract int nextAttempts();

  abstract void step() throws InterruptedException;

  /** Sends an event until it is acknowledged, refused for good, or the patience is at its end. */
  final Answer deliver(SentEvent event, Way way) throws InterruptedException {
    Backoff backoff = bench.backoff(random);
    for (int attempt = 1;; attempt++) {
      Answer answer = way.send(event);
      bench.history().answered(name, way.name(), event, attempt, answer);
      if (event.naming() == SentEvent.Naming.NOTHING || !isWorthAnotherTry(answer, backoff)) {
        return answer;
      }
    }
  }

  /** Waits before the next try where there is one. */
  static boolean isWorthAnotherTry(Answer answer, Backoff backoff) throws InterruptedException {
    return switch (answer) {
      case Answer.Acknowledged _ -> false;
      case Answer.Refused(String _, boolean forGood, var pause) -> !forGood && backoff.pause(pause);
      case Answer.Ambiguous(String _, var pause) -> backoff.pause(pause);
    };
  }
}
