package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Expectation;
import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Somebody who uses the pipeline, one step after the other, at the pace of its kind. */
abstract class Client implements Runnable {
  final String name;
  final Bench bench;
  final RandomGenerator random;
  final EventMaker maker;
  private final Pace pace;

  /** Some events, by one way, at once. */
  interface Group {
    /** Tries once; the answers stand in the order of the events. */
    List<Answer> send(List<SentEvent> events) throws InterruptedException;
  }

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
    } finally {
      end();
    }
  }

  /** How many attempts the next step makes where nothing fails. */
  abstract int nextAttempts();

  abstract void step() throws InterruptedException;

  /** After the last step. */
  void end() {}

  /** Sends an event until it is acknowledged, refused for good, or the patience is at its end. */
  final Answer deliver(SentEvent event, Way way) throws InterruptedException {
    return deliver(List.of(event), way.name(), events -> List.of(way.send(events.getFirst()))).getFirst();
  }

  /**
   * Sends events until each is acknowledged or refused for good, or the patience is at its end. Those that nothing names are sent
   * once only.
   *
   * @return the last answers, in the order of the events
   */
  final List<Answer> deliver(List<SentEvent> events, String way, Group group) throws InterruptedException {
    Backoff backoff = bench.backoff(random);
    List<Answer> last = new ArrayList<>();
    List<Integer> pending = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      pending.add(i);
      last.add(Answer.Refused.notSent("not yet"));
    }
    for (int attempt = 1; !pending.isEmpty(); attempt++) {
      long start = System.nanoTime();
      List<Answer> answers = group.send(pending.stream().map(events::get).toList());
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      List<Integer> again = new ArrayList<>();
      Duration pause = Duration.ZERO;
      for (int i = 0; i < answers.size(); i++) {
        SentEvent event = events.get(pending.get(i));
        Answer answer = answers.get(i);
        bench.history().answered(name, way, event, attempt, answer, took);
        last.set(pending.get(i), answer);
        if (isToBeSentAgain(event, answer)) {
          again.add(pending.get(i));
          pause = longer(pause, answer);
        }
      }
      pending = again;
      if (!pending.isEmpty() && !backoff.pause(pause)) {
        break;
      }
    }
    for (int i = 0; i < events.size(); i++) {
      judge(events.get(i), last.get(i));
    }
    return last;
  }

  private static boolean isToBeSentAgain(SentEvent event, Answer answer) {
    boolean open = switch (answer) {
      case Answer.Acknowledged _ -> false;
      case Answer.Refused(String _, boolean forGood, Duration _) -> !forGood;
      case Answer.Ambiguous _ -> true;
    };
    return open && event.naming() != Naming.NOTHING;
  }

  private static Duration longer(Duration pause, Answer answer) {
    Duration asked = switch (answer) {
      case Answer.Acknowledged _ -> Duration.ZERO;
      case Answer.Refused(String _, boolean _, Duration wanted) -> wanted;
      case Answer.Ambiguous(String _, Duration wanted) -> wanted;
    };
    return asked.compareTo(pause) > 0 ? asked : pause;
  }

  /** Holds the last answer against what it must be. */
  private void judge(SentEvent event, Answer answer) {
    boolean wrong = switch (answer) {
      case Answer.Refused(String _, boolean forGood, Duration _) ->
        forGood && event.expectation() == Expectation.STORED;
      case Answer.Acknowledged acknowledged -> {
        bench.oldEvents().add(event);
        yield event.expectation() != Expectation.STORED && acknowledged.promise() != Answer.Promise.ACCEPTED;
      }
      case Answer.Ambiguous _ -> false;
    };
    if (wrong) {
      bench.history().contradicted(name, Anomaly.Kind.WRONG_ANSWER,
          "event %s, expected %s, was answered with %s".formatted(event.marker(), event.expectation(), answer));
    }
  }

  /** Waits before the next try where there is one. */
  static boolean isWorthAnotherTry(Answer answer, Backoff backoff) throws InterruptedException {
    return switch (answer) {
      case Answer.Acknowledged _ -> false;
      case Answer.Refused(String _, boolean forGood, Duration pause) -> !forGood && backoff.pause(pause);
      case Answer.Ambiguous(String _, Duration pause) -> backoff.pause(pause);
    };
  }
}
