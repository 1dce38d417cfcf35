package com.elephantasm.events.http.access;

import java.util.Arrays;
import java.util.Optional;

/** What a caller may do. */
public enum Scope {
  EVENTS_WRITE("events:write"), EVENTS_READ("events:read"),
  /** Reading the meters, and nothing else: for what scrapes them. */
  METRICS("metrics"),
  /** What operators do, and all that the other scopes allow. */
  ADMIN("admin");

  static final String CHOICE = "The scopes are events:write, events:read, metrics, and admin, which implies the others.";

  private final String wireName;

  Scope(String wireName) {
    this.wireName = wireName;
  }

  /** As keys and tokens name it. */
  public String wireName() {
    return wireName;
  }

  /** The scope of that name, as keys and tokens name it. */
  public static Optional<Scope> of(String wireName) {
    return Arrays.stream(values()).filter(scope -> scope.wireName.equals(wireName)).findFirst();
  }
}
