package com.elephantasm.events.writer.rebuild;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the store is made anew.
 *
 * @param indexMemory of PostgreSQL, for the index that is being built ({@code maintenance_work_mem})
 * @param indexWorkers of PostgreSQL, beside the one that builds an index ({@code max_parallel_maintenance_workers})
 */
@ConfigurationProperties("elephantasm.rebuild")
record RebuildSettings(@DefaultValue("256MB") DataSize indexMemory, @DefaultValue("2") int indexWorkers) {
  RebuildSettings {
    if (indexMemory.toMegabytes() < 1) {
      throw new IllegalArgumentException("elephantasm.rebuild.index-memory must be at least 1MB, was " + indexMemory);
    }
    if (indexWorkers < 0) {
      throw new IllegalArgumentException("elephantasm.rebuild.index-workers must not be negative, was " + indexWorkers);
    }
  }
}
