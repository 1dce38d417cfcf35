package com.elephantasm.events.embedded;

import java.util.List;

/** What the server is set to wherever it runs (PostgreSQL documentation, "Server Configuration" and "initdb"). */
public final class PostgresSettings {
  private PostgresSettings() {}

  /** Arguments of {@code initdb}: the same order and case rules on every machine. */
  public static List<String> locale() {
    return List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        "--text-search-config=english");
  }

  /** What a commit needs to survive the loss of power, each as {@code name=value}. */
  public static List<String> durable() {
    return List.of("fsync=on", "synchronous_commit=on", "full_page_writes=on");
  }

  /** What the user may change, each as {@code name=value}. */
  public static List<String> preset() {
    return List.of("shared_buffers=256MB", "max_connections=100", "timezone=UTC", "log_timezone=UTC");
  }
}
