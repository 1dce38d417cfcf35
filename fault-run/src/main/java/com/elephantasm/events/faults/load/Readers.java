package com.elephantasm.events.faults.load;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/** Reads beside the clients, so that a read that waits for the store does not keep anybody from sending. Bounded. */
final class Readers implements AutoCloseable {
  private static final int AT_ONCE = 24;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places = new Semaphore(AT_ONCE);

  private interface Read {
    void run(Reader reader) throws InterruptedException;
  }

  /** Reads an event by its id or in a list, by chance; or not at all, where others are reading enough. */
  void read(String client, Bench bench, RandomGenerator random, SentEvent event, UUID id, String token) {
    boolean listing = random.nextInt(3) == 0;
    start(client, bench, random, reader -> {
      if (listing) {
        reader.list(List.of(event), event.agent(), token);
      } else {
        var _ = reader.event(event, id, token);
      }
    });
  }

  private void start(String client, Bench bench, RandomGenerator random, Read read) {
    if (bench.stopping().isRequested() || !places.tryAcquire()) {
      return;
    }
    SplittableRandom own = new SplittableRandom(random.nextLong());
    var _ = threads.submit(() -> {
      try {
        read.run(new Reader(client, bench, own));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        bench.history().contradicted(client, Anomaly.Kind.LOAD_FAILED, "a read cannot be checked: " + e);
      } finally {
        places.release();
      }
    });
  }

  /** Waits for the reads that are under way. */
  @Override
  public void close() {
    threads.close();
  }
}
