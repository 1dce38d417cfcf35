package com.elephantasm.events.writer.verify;

import com.elephantasm.events.writer.replay.LogStretch;
import com.elephantasm.events.writer.replay.ReplayFailedException;
import com.elephantasm.events.writer.replay.ReplayRun;
import com.elephantasm.events.writer.store.Drift;
import com.elephantasm.events.writer.store.Expectation;
import com.elephantasm.events.writer.store.LogEntry;
import com.elephantasm.events.writer.store.LogPartitions;
import com.elephantasm.events.writer.store.Repair;
import com.elephantasm.events.writer.store.Repair.ToWrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Holds a store against the log, both ways. What the store ought to hold is worked out from the records and the store's dead
 * letters into a schema of its own, and compared there by the database: memory does not bound it, and a run that is killed goes on.
 */
public final class Verification {
  private static final Duration STEP = Duration.ofMillis(200);
  /** Without progress of the live writer; a store that is behind would be reported as one that lacks rows. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DataSource live;
  private final int threads;

  /** @param live the service's own */
  public Verification(DataSource live, int threads) {
    this.live = live;
    this.threads = threads;
  }

  /** Where a replay's comparison is kept. */
  private static String schema(UUID replay) {
    return "verify_" + replay.toString().replace("-", "");
  }

  /** Removes what the verification of a replay has left. */
  public void discard(UUID replay) {
    Expectation.drop(live, schema(replay));
  }

  /**
   * The live store, as a replay asks for it.
   *
   * @param log the topic that the live writer reads
   */
  void verify(ReplayRun run, LogPartitions partitions, String log) throws InterruptedException {
    List<LogStretch> stretches = run.stretches();
    if (run.request().topic().equals(log)) {
      awaitApplied(run, stretches, partitions);
    }
    try (Expectation expectation = Expectation.open(live, live, schema(run.id()), threads + 1)) {
      if (expectation.isNew()) {
        run.beginAnew();
        expectation.begin();
      }
      run.phase("reading what the log says");
      run.read(run.stretches(), threads, batch -> expectation.fold(batch.entries(),
          (tally, jdbc) -> run.save(batch, tally, jdbc)));
      Drift drift = new Drift(expectation);
      find(run, drift, stretches);
      VerifyReport report = VerifyReport.of(drift, run.request().reportLimit(), run.request().topic().equals(log));
      run.drift(report.drift());
      String found = drift.keep(report::json);
      run.result(found);
      if (run.request().repair() && !report.drift().isNone()) {
        Repair repair = new Repair(live, expectation);
        repair(run, repair, stretches);
        run.result(report.repaired(found, repair.repaired()));
      }
    }
  }

  /**
   * A store that nobody else works on yet, as one that is being made. Reads all of the stretches, and saves nothing about it.
   *
   * @param checked whose tables are compared
   */
  public VerifyReport verifySide(ReplayRun run, DataSource checked, List<LogStretch> stretches)
      throws InterruptedException {
    discard(run.id());
    try (Expectation expectation = Expectation.open(live, checked, schema(run.id()), threads + 1)) {
      expectation.begin();
      run.read(stretches, threads, batch -> expectation.fold(batch.entries(), (_, _) -> {}));
      Drift drift = new Drift(expectation);
      drift.find(scopes(stretches), null);
      return VerifyReport.of(drift, run.request().reportLimit(), true);
    } finally {
      discard(run.id());
    }
  }

  private void find(ReplayRun run, Drift drift, List<LogStretch> stretches) {
    if (!drift.isFound()) {
      run.phase("comparing the store with it");
      run.checkpoint();
      drift.find(scopes(stretches), run.request().agentId());
    }
  }

  private static List<Drift.Scope> scopes(List<LogStretch> stretches) {
    return stretches.stream()
        .map(stretch -> new Drift.Scope(stretch.logPartition(), stretch.start(), stretch.end())).toList();
  }

  /** An emptied store is compared as it is: everything is missing there. */
  private static void awaitApplied(ReplayRun run, List<LogStretch> stretches, LogPartitions partitions)
      throws InterruptedException {
    long seen = -1;
    long since = System.nanoTime();
    while (true) {
      long reached = stretches.stream().mapToLong(each -> Math.min(each.end(), partitions.reached(each.logPartition())))
          .sum();
      boolean isApplied = stretches.stream().allMatch(each -> partitions.reached(each.logPartition()) >= each.end());
      if (isApplied) {
        return;
      }
      if (reached != seen) {
        seen = reached;
        since = System.nanoTime();
      }
      if (System.nanoTime() - since > PATIENCE.toNanos()) {
        if (reached == 0) {
          return;
        }
        throw new ReplayFailedException(
            "the store has not applied the log up to where this was to verify it, and makes no progress: is a writer running? %s"
                .formatted(behind(stretches, partitions)));
      }
      run.phase("waiting for the store to apply the log");
      run.checkpoint();
      TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
    }
  }

  private static String behind(List<LogStretch> stretches, LogPartitions partitions) {
    return stretches.stream().filter(each -> partitions.reached(each.logPartition()) < each.end())
        .map(each -> "partition %d is at %d of %d".formatted(each.partition(), partitions.reached(each.logPartition()),
            each.end()))
        .collect(Collectors.joining(", "));
  }

  private void repair(ReplayRun run, Repair repair, List<LogStretch> stretches) throws InterruptedException {
    run.phase("repairing the store");
    repair.deleteUnexpected(run::checkpoint);
    repair.writeSpirits(run::checkpoint);
    Map<Integer, LogStretch> byPartition = stretches.stream()
        .collect(Collectors.toMap(LogStretch::logPartition, stretch -> stretch));
    List<ToWrite> rows = repair.nextToWrite(Repair.beforeAll());
    while (!rows.isEmpty()) {
      run.checkpoint();
      repair.writeEvents(rows, records(run, rows, byPartition));
      rows = repair.nextToWrite(rows.getLast());
    }
  }

  /** The records that created these events. */
  private List<LogEntry> records(ReplayRun run, List<ToWrite> rows, Map<Integer, LogStretch> stretches)
      throws InterruptedException {
    Map<Integer, Set<Long>> wanted = rows.stream().collect(
        Collectors.groupingBy(ToWrite::logPartition, Collectors.mapping(ToWrite::offset, Collectors.toSet())));
    List<LogStretch> spans = new ArrayList<>();
    wanted.forEach((partition, offsets) -> {
      LogStretch stretch = stretches.get(partition);
      if (stretch != null) {
        spans.add(stretch.between(Collections.min(offsets), Collections.max(offsets) + 1));
      }
    });
    List<LogEntry> found = Collections.synchronizedList(new ArrayList<>());
    run.read(spans, threads, batch -> batch.entries().stream()
        .filter(entry -> wanted.getOrDefault(batch.stretch().logPartition(), Set.of())
            .contains(entry.record().position().offset()))
        .forEach(found::add));
    return List.copyOf(found);
  }
}
