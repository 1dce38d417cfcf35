package com.elephantasm.events.writer.rebuild;

import com.elephantasm.events.settings.Bounds;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the store is made anew.
 *
 * @param indexMemory memory of PostgreSQL for the index that is being built ({@code maintenance_work_mem})
 * @param indexWorkers processes of PostgreSQL beside the one that builds an index ({@code max_parallel_maintenance_workers})
 */
@ConfigurationProperties("elephantasm.rebuild")
record RebuildSettings(@DefaultValue("256MB") DataSize indexMemory, @DefaultValue("2") int indexWorkers) {
  RebuildSettings {
    Bounds.requireAtLeast("elephantasm.rebuild.index-memory", indexMemory, DataSize.ofMegabytes(1));
    Bounds.requireAtLeast("elephantasm.rebuild.index-workers", indexWorkers, 0);
  }
}
