package com.elephantasm.events.writer.replay;

import com.elephantasm.events.writer.store.Tally;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A replay that this process runs, for the work of its mode. Safe for threads. */
public interface ReplayRun {
  UUID id();

  ReplayRequest request();

  /** What is to be read, and where each partition stands, as saved last. */
  List<LogStretch> stretches();

  /** What it does now, in a few words for people: it is shown with its progress, and logged. */
  void phase(String phase);

  /**
   * To be asked at least every second or so by whatever takes longer.
   *
   * @throws ReplayStoppedException where it is to stop
   */
  void checkpoint();

  /**
   * Reads stretches from where each of them stands to its end, several at once, each batch in one call; batches of one partition
   * come in the order of the log. Heeds the selection, the throttle and {@link #checkpoint}.
   *
   * @param threads how many batches may be at work at once
   * @throws ReplayFailedException where the log no longer has what is to be read
   * @throws RuntimeException what the handler has thrown, once all threads have ended
   */
  void read(List<LogStretch> stretches, int threads, Consumer<ReplayBatch> handler) throws InterruptedException;

  /**
   * Saves that a batch of {@link #stretches} is done, in the transaction that does it: to be called within it.
   *
   * @param inTransaction of any schema of the live database
   * @throws ReplayStoppedException where another process has gone on with this replay: roll back
   */
  void save(ReplayBatch batch, Tally tally, JdbcClient inTransaction);

  /** Begins anew: every partition at its start, nothing counted. */
  void beginAnew();

  /** How much was found, so far or in the end. Replaces what was set before. */
  void drift(Drift drift);

  /** What its mode has to say in the end, as a JSON object. */
  void result(String json);

  /**
   * How much the store differs from the log.
   *
   * @param missing rows that should be there
   * @param differing rows that should be otherwise
   * @param unexpected rows that no record has made
   */
  record Drift(long missing, long differing, long unexpected) {
    public boolean isNone() {
      return missing == 0 && differing == 0 && unexpected == 0;
    }
  }
}
