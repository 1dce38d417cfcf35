package com.elephantasm.events.log;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/**
 * The bytes that are on their way into the log: bounded, so that whoever publishes faster than Kafka takes it waits here, in the
 * order of coming, and not in the producer, which gives up after a while and then fails.
 *
 * <p>A quarter is for those who do not wait. Those who do take all room as soon as there is some, and would leave the others none.
 */
final class UnacknowledgedBytes {
  /** What the producer, its batches and whoever waits keep of a record beside its own bytes; rather more than less. */
  private static final int OVERHEAD = 2048;
  private final Share atOnce;
  private final Share inTime;

  UnacknowledgedBytes(DataSize bound) {
    int all = Math.toIntExact(bound.toBytes());
    this.atOnce = new Share(Math.max(1, all / 4));
    this.inTime = new Share(Math.max(1, all - all / 4));
  }

  /**
   * Takes room for a record, to be released.
   *
   * @throws LogOverloadedException where there is none within the patience
   */
  Room acquire(int recordSize, Duration patience) {
    return (patience.isZero() ? atOnce : inTime).acquire(recordSize, patience);
  }

  /** How many bytes are on their way. */
  long taken() {
    return (long) atOnce.taken() + inTime.taken();
  }

  /** How many may be. */
  long bound() {
    return (long) atOnce.bound + inTime.bound;
  }

  /** What a record takes of the room that there is. */
  record Room(Semaphore from, int size) {
    void release() {
      from.release(size);
    }
  }

  private static final class Share {
    private final int bound;
    private final Semaphore free;

    private Share(int bound) {
      this.bound = bound;
      this.free = new Semaphore(bound, true);
    }

    private Room acquire(int recordSize, Duration patience) {
      // A record larger than all the room there is would wait for ever.
      int size = (int) Math.min(bound, (long) recordSize + OVERHEAD);
      try {
        if (!free.tryAcquire(size, patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new LogOverloadedException(
              "%d bytes are on their way into the log already (elephantasm.log.max-unacknowledged)"
                  .formatted(taken()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LogUnavailableException("the service is stopping", e);
      }
      return new Room(free, size);
    }

    private int taken() {
      return bound - free.availablePermits();
    }
  }
}
