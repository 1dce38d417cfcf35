package com.elephantasm.events.http.access;

/** What a caller may do. */
public enum Scope {
  EVENTS_WRITE("events:write"), EVENTS_READ("events:read"),
  /** What operators do, and all that the other scopes allow. */
  ADMIN("admin");

  private final String wireName;

  Scope(String wireName) {
    this.wireName = wireName;
  }

  /** As keys and tokens name it. */
  public String wireName() {
    return wireName;
  }
}
