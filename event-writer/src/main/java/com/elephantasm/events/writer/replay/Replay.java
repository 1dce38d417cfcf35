package com.elephantasm.events.writer.replay;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A replay as it is now.
 *
 * @param throttle the most records that are read in a second; null is without a limit. It can be changed meanwhile
 * @param phase what it does, where it runs
 * @param detail why it failed, or what somebody should know of it
 * @param rate records that were read in a second of late; null where it does not run
 * @param result what its mode has to say, as JSON
 * @param requestedBy who asked for it, where that has a name
 */
public record Replay(UUID id, ReplayMode mode, ReplayState state, ReplayRequest request, @Nullable Long throttle,
    @Nullable String phase, @Nullable String detail, @Nullable Double rate, List<PartitionProgress> partitions,
    Counts counts, ReplayRun.Drift drift, @Nullable String result, Instant requestedAt, @Nullable String requestedBy,
    @Nullable Instant startedAt, @Nullable Instant endedAt) {
  public Replay {
    partitions = List.copyOf(partitions);
  }

  /** @param read records, where {@code next - start} are offsets: some of those have none */
  public record PartitionProgress(int partition, long start, long end, long next, long read) {}

  /** Of records, by what became of them. */
  public record Counts(long stored, long duplicate, long amended, long skipped, long rejected) {}

  /** How many offsets are behind it. */
  public long read() {
    return partitions.stream().mapToLong(partition -> partition.next() - partition.start()).sum();
  }

  /** How many offsets it has to read. */
  public long total() {
    return partitions.stream().mapToLong(partition -> partition.end() - partition.start()).sum();
  }

  /** Seconds until all is read, if it goes on as of late; null where that cannot be said. */
  public @Nullable Long eta() {
    return rate == null || rate <= 0 ? null : (long) Math.ceil((total() - read()) / rate);
  }
}
