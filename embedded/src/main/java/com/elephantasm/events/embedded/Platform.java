package com.elephantasm.events.embedded;

import java.util.Locale;

/**
 * An operating system and processor with PostgreSQL binaries.
 *
 * @param system as the binaries' artifacts spell it
 * @param architecture as the binaries' artifacts spell it
 */
record Platform(String system, String architecture) {
  static Platform current() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static Platform of(String osName, String osArch) {
    String name = osName.toLowerCase(Locale.ROOT);
    String system = name.startsWith("linux")
        ? "Linux"
        : name.startsWith("mac") ? "Darwin" : name.startsWith("windows") ? "Windows" : "";
    String architecture = switch (osArch) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "arm64" -> "aarch64";
      default -> "";
    };
    boolean supported = !system.isEmpty() && !architecture.isEmpty()
        && !(system.equals("Windows") && architecture.equals("aarch64"));
    if (!supported) {
      throw new EmbeddedServerException(
          "no PostgreSQL binaries for %s on %s: supported are Linux and macOS on amd64 and"
              .formatted(osName, osArch)
              + " arm64, and Windows on amd64; elsewhere, use a PostgreSQL server of your own");
    }
    return new Platform(system, architecture);
  }

  boolean isWindows() {
    return system.equals("Windows");
  }
}
