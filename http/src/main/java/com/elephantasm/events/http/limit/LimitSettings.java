package com.elephantasm.events.http.limit;

import com.elephantasm.events.settings.SettingException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How many requests of the API each caller may send; no limit where nothing is set.
 *
 * @param requests per window, one window after the other; no limit where it is missing
 * @param window whole seconds; one where it is missing
 * @param burst how many at once after a pause; as many as {@code requests} where it is missing
 */
@ConfigurationProperties(prefix = "elephantasm.http.rate-limit", ignoreUnknownFields = false)
record LimitSettings(@Nullable Integer requests, @Nullable Duration window, @Nullable Integer burst) {
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);

  /**
   * Empty where there is none.
   *
   * @throws SettingException if what is set is no limit
   */
  Optional<RateLimit> limit() {
    if (requests == null) {
      requireNothing();
      return Optional.empty();
    }
    Duration each = window == null ? ONE_SECOND : window;
    requirePositive("requests", requests);
    requirePositive("burst", burst == null ? requests : burst);
    if (each.compareTo(ONE_SECOND) < 0 || each.getNano() != 0) {
      throw new SettingException(
          "elephantasm.http.rate-limit.window must be whole seconds, at least one, and is %s.".formatted(each),
          "Set it to 1s, for instance, and the number of requests to what it is in that time.");
    }
    return Optional.of(new RateLimit(requests, each, burst == null ? requests : burst));
  }

  private void requireNothing() {
    if (window != null || burst != null) {
      throw new SettingException("elephantasm.http.rate-limit.requests is missing, without which there is no limit.",
          "Set it too, or leave out all of elephantasm.http.rate-limit.");
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new SettingException("elephantasm.http.rate-limit.%s must be 1 or more, and is %d.".formatted(name, value),
          "Leave out all of elephantasm.http.rate-limit for no limit.");
    }
  }
}
