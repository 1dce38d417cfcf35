package com.elephantasm.events.benchmarks.measure;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.AppInfoParser;
import org.postgresql.util.DriverInfo;
import org.springframework.boot.SpringBootVersion;

/** Of what takes part in every scenario. */
final class Versions {
  private Versions() {}

  static Map<String, String> here() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("Java", Runtime.version().toString());
    versions.put("Kafka", AppInfoParser.getVersion());
    versions.put("PostgreSQL JDBC", DriverInfo.DRIVER_VERSION);
    versions.put("Spring Boot", SpringBootVersion.getVersion());
    return versions;
  }
}
