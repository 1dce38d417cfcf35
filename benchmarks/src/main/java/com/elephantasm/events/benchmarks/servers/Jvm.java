package com.elephantasm.events.benchmarks.servers;

import java.util.List;

/** The options of each process's JVM; what is not here is as the JVM chooses it on this machine. */
public final class Jvm {
  /** As Kafka's own start script has them (bin/kafka-run-class.sh), with 1 GB of heap, as there. */
  static final List<String> KAFKA = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20",
      "-XX:InitiatingHeapOccupancyPercent=35");

  /** Only starts PostgreSQL and waits for its end. */
  static final List<String> POSTGRES = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /** What the documentation promises to be enough. */
  public static final String WRITER_HEAP = "-Xmx512m";

  /** Its fetches and batches are large objects: G1 would mark the heap for them again and again. */
  private static final String WRITER_COLLECTOR = "-XX:+UseParallelGC";

  /** As the documentation recommends it. */
  public static final String WRITER = WRITER_HEAP + " " + WRITER_COLLECTOR;

  /** Likewise. */
  public static final String INGEST = "-Xmx256m";

  /** Kafka's compression and PostgreSQL's driver would warn without them. */
  static final List<String> ALL = List.of("-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow");

  private Jvm() {}
}
