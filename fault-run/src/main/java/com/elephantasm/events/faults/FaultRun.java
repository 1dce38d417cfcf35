package com.elephantasm.events.faults;

import com.elephantasm.events.faults.check.Checker;
import com.elephantasm.events.faults.check.Report;
import com.elephantasm.events.faults.cluster.Cluster;
import com.elephantasm.events.faults.load.History;
import com.elephantasm.events.faults.load.Load;
import com.elephantasm.events.faults.load.LoadSettings;
import com.elephantasm.events.faults.nemesis.FaultKind;
import com.elephantasm.events.faults.nemesis.Nemesis;
import com.elephantasm.events.faults.nemesis.Schedule;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One run: starts the cluster, puts load on it, lets the {@link Nemesis} follow its schedule, waits until the store has caught up,
 * and checks every attempt and every answer against the topic and the store.
 */
final class FaultRun {
  private static final Duration START_PATIENCE = Duration.ofMinutes(3);
  private static final Duration CATCH_UP_PATIENCE = Duration.ofMinutes(5);
  /** Before the first fault and after the last. */
  private static final Duration CALM = Duration.ofSeconds(5);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(10);

  private final Settings settings;
  private final PrintStream out;

  FaultRun(Settings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /**
   * @param folder of the data, the logs and the history; empty, or made here
   * @param seed of the schedule and of the load
   * @param duration of the schedule
   * @param every the mean time between the starts of two faults
   * @param rate attempts a second that the load aims at
   * @param only the kinds of faults; empty for all that are possible here
   */
  record Settings(Path folder, long seed, Duration duration, Duration every, int rate, Set<FaultKind> only) {}

  /** What it comes to. */
  record Result(int faults, int kinds, long attempts, long anomalies) {
    boolean isClean() {
      return anomalies == 0;
    }
  }

  Result run() throws IOException, InterruptedException, SQLException {
    Files.createDirectories(settings.folder());
    Path file = settings.folder().resolve("history.txt");
    out.printf("seed %d: %s of faults, one every %s; data, logs and history in %s%n", settings.seed(),
        words(settings.duration()), words(settings.every()), settings.folder());
    try (Cluster cluster = Cluster.start(settings.folder(), START_PATIENCE); History history = History.open(file)) {
      Schedule schedule = Schedule.draw(settings.seed(), settings.duration(), settings.every(), kinds(cluster));
      tell(history, "seed " + settings.seed() + "\n" + schedule);
      Nemesis nemesis = new Nemesis(cluster, history::note);
      Load load = new Load(cluster.endpoints(), history, LoadSettings.of(settings.seed()).withRate(settings.rate()));
      load.start();
      harm(schedule, nemesis, load);
      load.stop();
      Report report = new Checker(cluster.endpoints(), history).check(CATCH_UP_PATIENCE);
      return tell(history, nemesis, load, report);
    }
  }

  private Set<FaultKind> kinds(Cluster cluster) {
    Set<FaultKind> possible = Nemesis.possible(cluster);
    if (!cluster.disksCanBeFilled()) {
      out.println("no disk is filled: only root can make one that nobody else needs");
    }
    if (!settings.only().isEmpty()) {
      possible.retainAll(settings.only());
    }
    return possible;
  }

  private void harm(Schedule schedule, Nemesis nemesis, Load load) throws InterruptedException {
    AtomicBoolean running = new AtomicBoolean(true);
    Thread progress = Thread.ofVirtual().start(() -> {
      while (running.get()) {
        sleepQuietly();
        out.printf("%d faults of %d, %s%n", nemesis.faults(), schedule.faults().size(), load.progress());
      }
    });
    try {
      TimeUnit.MILLISECONDS.sleep(CALM.toMillis());
      nemesis.run(schedule);
      TimeUnit.MILLISECONDS.sleep(CALM.toMillis());
    } finally {
      running.set(false);
      progress.interrupt();
    }
  }

  private static void sleepQuietly() {
    try {
      TimeUnit.MILLISECONDS.sleep(PROGRESS_EVERY.toMillis());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(History history, String text) {
    history.note(text);
    out.println(text);
  }

  private Result tell(History history, Nemesis nemesis, Load load, Report report) {
    List<String> complaints = nemesis.complaints();
    complaints.forEach(complaint -> tell(history, "ANOMALY process: " + complaint));
    report.anomalies().forEach(anomaly -> tell(history, "ANOMALY " + anomaly));
    Result result = new Result(nemesis.faults(), nemesis.kinds(), load.attempts(),
        report.anomalyCount() + complaints.size());
    tell(history, report.summary());
    tell(history, "seed %d: %d faults of %d kinds, %d attempts, %d anomalies".formatted(settings.seed(),
        result.faults(), result.kinds(), result.attempts(), result.anomalies()));
    return result;
  }

  private static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
