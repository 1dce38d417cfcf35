package com.elephantasm.events.ingest;

import com.elephantasm.events.settings.Bounds;
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
  private static final int MOST = Integer.MAX_VALUE / 2;

  IngestSettings {
    requireSize("max-batch-size", maxBatchSize);
    requireNumber("max-batch-items", maxBatchItems);
    requireSize("max-line-size", maxLineSize);
    requireNumber("max-uploads", maxUploads);
    requireNumber("window", window);
  }

  private static void requireSize(String name, DataSize value) {
    Bounds.requireBetween("elephantasm.ingest." + name, value, DataSize.ofBytes(1), DataSize.ofBytes(MOST));
  }

  private static void requireNumber(String name, int value) {
    Bounds.requireBetween("elephantasm.ingest." + name, value, 1, MOST);
  }
}
