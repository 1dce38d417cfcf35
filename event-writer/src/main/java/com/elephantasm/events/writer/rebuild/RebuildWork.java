package com.elephantasm.events.writer.rebuild;

import com.elephantasm.events.writer.replay.ReplayFailedException;
import com.elephantasm.events.writer.replay.ReplayMode;
import com.elephantasm.events.writer.replay.ReplayRun;
import com.elephantasm.events.writer.replay.ReplayWork;
import com.elephantasm.events.writer.store.SideSchema;
import com.elephantasm.events.writer.verify.Verification;
import java.sql.SQLException;
import java.time.Clock;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Makes the store anew in a schema beside the live one, and switches to it. Until then the live one does not know of it; if it
 * fails, the schema is dropped.
 */
final class RebuildWork implements ReplayWork {
  /** Beside those that apply batches: for indexes, and for what is asked meanwhile. */
  private static final int MORE_CONNECTIONS = 2;
  private static final String DISK_FULL = "53100";

  private final DataSource live;
  private final Verification verification;
  private final RebuildSettings settings;
  private final Clock clock;
  private final int threads;

  /** @param threads how many batches are applied at once */
  RebuildWork(DataSource live, Verification verification, RebuildSettings settings, Clock clock, int threads) {
    this.live = live;
    this.verification = verification;
    this.settings = settings;
    this.clock = clock;
    this.threads = threads;
  }

  @Override
  public ReplayMode mode() {
    return ReplayMode.REBUILD;
  }

  @Override
  public void run(ReplayRun run) throws InterruptedException {
    // Of a run that was killed after the switch.
    String noted = Switch.noted(live, run.id());
    if (noted == null) {
      rebuild(run);
    } else {
      run.result(noted);
    }
    discard(run.id());
  }

  private void rebuild(ReplayRun run) throws InterruptedException {
    refusePartitioned();
    try (SideSchema side = SideSchema.open(live, schema(run.id()), threads + MORE_CONNECTIONS)) {
      new Rebuild(live, side, run, verification, settings, clock, threads).run();
    } catch (RuntimeException e) {
      // Waiting for room would keep what takes it, and the live store needs it more.
      throw isDiskFull(e)
          ? new ReplayFailedException("PostgreSQL's disk has no room for a second store; it is dropped", e)
          : e;
    }
  }

  /** The new table would be an ordinary one. */
  private void refusePartitioned() {
    boolean partitioned = JdbcClient.create(live)
        .sql("SELECT relkind = 'p' FROM pg_class WHERE oid = 'events'::regclass")
        .query(Boolean.class).single();
    if (partitioned) {
      throw new ReplayFailedException(
          "the table events is partitioned, and a rebuild would put one that is not in its place: mend it with verify and repair, or fill an emptied store with apply");
    }
  }

  private static boolean isDiskFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException error && DISK_FULL.equals(error.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  private static String schema(UUID replay) {
    return "rebuild_" + replay.toString().replace("-", "");
  }

  @Override
  public void discard(UUID replay) {
    verification.discard(replay);
    SideSchema.drop(live, schema(replay));
  }
}
