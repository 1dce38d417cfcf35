package com.elephantasm.events.benchmarks.query;

/** The queries that agents make. */
enum Kind {
  NEWEST("newest 50"), SESSION("one session"), BY_ID("by id"), DEEP_PAGE("page 10,000 by cursor");

  private final String title;

  Kind(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
