package com.elephantasm.events.writer.transfer;

import java.util.List;

/**
 * How far an export or an import is.
 *
 * @param partitions where each stands, in offsets of the topic that was exported
 * @param records that are done
 */
public record TransferProgress(List<Stretch> partitions, long records) {
  public TransferProgress {
    partitions = List.copyOf(partitions);
  }

  /**
   * Part of a partition.
   *
   * @param start inclusive
   * @param end exclusive
   * @param next the offset that comes next
   */
  public record Stretch(int partition, long start, long end, long next) {}
}
