package com.elephantasm.events.ingest;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of a batch.
 *
 * @param maxBatchSize the largest array, in bytes, after its compression is undone
 * @param maxBatchItems the most events in an array
 * @param maxLineSize the longest line of an upload, in bytes
 * @param maxUploads how many uploads may run at once
 * @param window how many events of one batch may be on their way at once; of an upload, until they are answered
 */
@ConfigurationProperties("elephantasm.ingest")
record IngestSettings(@DefaultValue("16MB") DataSize maxBatchSize, @DefaultValue("10000") int maxBatchItems,
    @DefaultValue("1MB") DataSize maxLineSize, @DefaultValue("32") int maxUploads,
    @DefaultValue("1000") int window) {
  IngestSettings {
    requirePositive("max-batch-size", maxBatchSize.toBytes());
    requirePositive("max-batch-items", maxBatchItems);
    requirePositive("max-line-size", maxLineSize.toBytes());
    requirePositive("max-uploads", maxUploads);
    requirePositive("window", window);
  }

  private static void requirePositive(String name, long value) {
    if (value < 1 || value > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "elephantasm.ingest.%s must be from 1 to %d, was %d".formatted(name, Integer.MAX_VALUE / 2, value));
    }
  }
}
