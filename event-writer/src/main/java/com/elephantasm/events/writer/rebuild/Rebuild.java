package com.elephantasm.events.writer.rebuild;

import com.elephantasm.events.writer.replay.LogStretch;
import com.elephantasm.events.writer.replay.ReplayFailedException;
import com.elephantasm.events.writer.replay.ReplayRun;
import com.elephantasm.events.writer.replay.StoreReplay;
import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.LogPartitions;
import com.elephantasm.events.writer.store.ReplayTerms;
import com.elephantasm.events.writer.store.SideSchema;
import com.elephantasm.events.writer.verify.Verification;
import com.elephantasm.events.writer.verify.VerifyReport;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One run of a rebuild: the steps that an earlier run has done are not done again. */
final class Rebuild {
  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);
  private static final JsonMapper JSON = new JsonMapper();
  /** What the last catch-up may have left to do, while writers wait for it: either this, or what was done so quickly before. */
  private static final long FEW_RECORDS = 2000;
  private static final Duration QUICKLY = Duration.ofMillis(500);
  /** It then lets them go on, and is tried again. */
  private static final Duration LONGEST_CATCH_UP = Duration.ofMillis(1200);
  /** How long everybody may be held for a switch that does not succeed: the longest is below PostgreSQL's deadlock_timeout. */
  private static final Duration LEAST_PATIENCE = Duration.ofMillis(300);
  private static final Duration MOST_PATIENCE = Duration.ofMillis(900);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final DataSource live;
  private final SideSchema side;
  private final SideStore tables;
  private final SideIndexes indexes;
  private final ReplayRun run;
  private final Verification verification;
  private final Clock clock;
  private final int threads;
  private final JdbcClient jdbc;
  private final ChangeStore store;
  private final List<LogStretch> stretches;

  Rebuild(DataSource live, SideSchema side, ReplayRun run, Verification verification, RebuildSettings settings,
      Clock clock,
      int threads) {
    this.live = live;
    this.side = side;
    this.run = run;
    this.verification = verification;
    this.clock = clock;
    this.threads = threads;
    this.tables = new SideStore(side);
    this.indexes = new SideIndexes(side, settings);
    this.jdbc = JdbcClient.create(side.dataSource());
    this.store = ChangeStore.in(side.dataSource(), LogPartitions.in(side.dataSource()));
    this.stretches = run.stretches();
  }

  /** How many rows there were when they were counted: the live writer's last ones may be missing. */
  private record Rows(long events, long spirits) {}

  void run() throws InterruptedException {
    tables.prepare(run, indexes);
    if (!tables.isLoaded()) {
      load();
    }
    buildIndexes();
    Rows rows = check();
    switchTo(rows);
  }

  private void load() throws InterruptedException {
    run.phase("loading");
    long began = System.nanoTime();
    try {
      ReplayTerms terms = terms();
      StoreReplay replay = new StoreReplay(store, (batch, tally) -> run.save(batch, tally, jdbc));
      run.read(run.stretches(), threads, batch -> replay.apply(batch, terms));
    } finally {
      tables.addLoadSeconds(secondsSince(began));
    }
    Rows rows = rows();
    tables.checkCounts(run.id(), rows.events(), rows.spirits());
    tables.loaded();
  }

  private Rows rows() {
    return new Rows(tables.count("events"), tables.count("spirits"));
  }

  /** What was discarded in the live store while it waited for its spirit is not applied here either. */
  private ReplayTerms terms() {
    return tables.hasDiscarded() ? ReplayTerms.AS_WRITER_AFTER_DECISIONS : ReplayTerms.AS_WRITER;
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private void buildIndexes() throws InterruptedException {
    long began = System.nanoTime();
    try {
      indexes.build(run);
    } finally {
      tables.addIndexSeconds(secondsSince(began));
    }
    run.phase("gathering statistics");
    LongStatements.run(side.dataSource(), run, tables.tables().stream().map(table -> "ANALYZE " + table).toList());
  }

  private Rows check() throws InterruptedException {
    run.phase("verifying");
    indexes.check();
    VerifyReport report = verification.verifySide(run, side.dataSource(), tables.applied(stretches));
    run.drift(report.drift());
    if (!report.drift().isNone()) {
      throw new ReplayFailedException(
          "the new store is not what the log says, and was dropped: " + report.json());
    }
    return rows();
  }

  /** Reads what the live writer has applied since, again and again, until there is little left. */
  private void catchUp() throws InterruptedException {
    long began;
    long left;
    do {
      run.checkpoint();
      began = System.nanoTime();
      left = catchUpOnce();
    } while (left > FEW_RECORDS && System.nanoTime() - began > QUICKLY.toNanos());
  }

  /** Returns how many offsets there were to read. */
  private long catchUpOnce() throws InterruptedException {
    // In this order: whoever discards a letter before its spirit comes does so before the live store has come past the spirit.
    List<LogStretch> behind = tables.behind(stretches);
    tables.carryOver();
    readUp(behind, () -> {});
    return behind.stream().mapToLong(stretch -> stretch.end() - stretch.next()).sum();
  }

  private void readUp(List<LogStretch> behind, Runnable beforeEach) throws InterruptedException {
    ReplayTerms terms = terms();
    StoreReplay replay = new StoreReplay(store, (_, _) -> {});
    run.read(behind, threads, batch -> {
      beforeEach.run();
      replay.apply(batch, terms);
    });
    behind.forEach(stretch -> tables.passOver(stretch.logPartition(), stretch.end()));
  }

  private void readUpWhileWritersWait() throws InterruptedException {
    long began = System.nanoTime();
    readUp(tables.behind(stretches), () -> {
      if (System.nanoTime() - began > LONGEST_CATCH_UP.toNanos()) {
        throw new Switch.TooLongException();
      }
    });
  }

  private void switchTo(Rows rows) throws InterruptedException {
    Switch change = new Switch(live, side, tables.tables(), run.id(), clock);
    Duration patience = LEAST_PATIENCE;
    Duration pause = patience;
    while (true) {
      run.phase("catching up");
      catchUp();
      run.phase("switching");
      Optional<SwitchTimes> switched = change.attempt(patience, this::readUpWhileWritersWait,
          times -> result(rows, times));
      if (switched.isPresent()) {
        finish(rows, switched.get());
        return;
      }
      waitForOthers(change, pause);
      patience = longer(patience, MOST_PATIENCE);
      pause = longer(pause, LONGEST_PAUSE);
    }
  }

  private static Duration longer(Duration time, Duration most) {
    Duration longer = time.multipliedBy(3).dividedBy(2);
    return longer.compareTo(most) < 0 ? longer : most;
  }

  private void waitForOthers(Switch change, Duration pause) throws InterruptedException {
    String holders = change.holders();
    run.phase(holders.isEmpty() ? "waiting to switch" : "waiting to switch, for " + holders);
    long end = System.nanoTime() + pause.toNanos();
    while (System.nanoTime() - end < 0) {
      run.checkpoint();
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private void finish(Rows rows, SwitchTimes times) {
    LOG.info(
        "The store of rebuild {} is live; writers were held for {} ms, readers for {} ms. The tables before it are in the schema {} until you drop it: DROP SCHEMA {} CASCADE",
        run.id(), times.writersHeldMillis(), times.readersHeldMillis(), times.previousSchema(), times.previousSchema());
    run.result(result(rows, times));
  }

  private String result(Rows rows, SwitchTimes times) {
    double loadSeconds = tables.loadSeconds();
    double indexSeconds = tables.indexSeconds();
    long records = stretches.stream().mapToLong(stretch -> stretch.end() - stretch.start()).sum();
    ObjectNode result = JSON.createObjectNode();
    result.put("switched_at", times.at().toString());
    result.put("writers_held_ms", times.writersHeldMillis());
    result.put("readers_held_ms", times.readersHeldMillis());
    result.put("previous_schema", times.previousSchema());
    result.put("drop_previous", "DROP SCHEMA %s CASCADE".formatted(times.previousSchema()));
    result.put("events", rows.events());
    result.put("spirits", rows.spirits());
    result.put("load_seconds", rounded(loadSeconds));
    result.put("index_seconds", rounded(indexSeconds));
    result.put("records_per_second", Math.round(records / Math.max(0.001, loadSeconds + indexSeconds)));
    return result.toString();
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }
}
