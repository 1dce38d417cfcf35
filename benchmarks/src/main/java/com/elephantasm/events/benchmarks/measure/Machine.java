package com.elephantasm.events.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Where it was measured.
 *
 * @param memory in bytes
 * @param jvm of this process and of every service
 */
public record Machine(int cores, long memory, String system, String jvm) {
  static Machine here() {
    long memory = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    String system = "%s %s %s".formatted(System.getProperty("os.name"), System.getProperty("os.version"),
        System.getProperty("os.arch"));
    String jvm = "%s %s".formatted(System.getProperty("java.vm.name"), System.getProperty("java.vm.version"));
    return new Machine(Runtime.getRuntime().availableProcessors(), memory, system, jvm);
  }
}
