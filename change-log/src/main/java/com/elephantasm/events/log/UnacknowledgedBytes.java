package com.elephantasm.events.log;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/**
 * The bytes that are on their way into the log: bounded, so that whoever publishes faster than Kafka takes it waits here, in the
 * order of coming, and not in the producer, which gives up after a while and then fails.
 */
final class UnacknowledgedBytes {
  /** What the producer, its batches and whoever waits keep of a record beside its own bytes; rather more than less. */
  private static final int OVERHEAD = 2048;
  private final int bound;
  private final Semaphore free;

  UnacknowledgedBytes(DataSize bound) {
    this.bound = Math.toIntExact(bound.toBytes());
    this.free = new Semaphore(this.bound, true);
  }

  /**
   * Takes room for a record.
   *
   * @return what to {@link #release}
   * @throws LogOverloadedException where there is none within the patience
   */
  int acquire(int recordSize, Duration patience) {
    // A record larger than all the room there is would wait for ever.
    int size = (int) Math.min(bound, (long) recordSize + OVERHEAD);
    try {
      if (!free.tryAcquire(size, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new LogOverloadedException(
            "%d bytes are on their way into the log already (elephantasm.log.max-unacknowledged)"
                .formatted(bound - free.availablePermits()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("the service is stopping", e);
    }
    return size;
  }

  void release(int size) {
    free.release(size);
  }
}
