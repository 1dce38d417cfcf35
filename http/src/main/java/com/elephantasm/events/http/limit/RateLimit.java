package com.elephantasm.events.http.limit;

import io.github.bucket4j.Bucket;
import java.time.Duration;

/** A token bucket's measures: it fills evenly, {@code requests} in each window, and holds {@code burst}. */
record RateLimit(int requests, Duration window, int burst) {
  Bucket newBucket() {
    return Bucket.builder().addLimit(limit -> limit.capacity(burst).refillGreedy(requests, window)).build();
  }

  /** As draft-ietf-httpapi-ratelimit-headers (section 3) has it. */
  String policy() {
    return "\"default\";q=%d;w=%d".formatted(requests, window.toSeconds());
  }
}
