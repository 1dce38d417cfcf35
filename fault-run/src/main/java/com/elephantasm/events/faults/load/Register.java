package com.elephantasm.events.faults.load;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One field that one client writes, one value after the other. It reads as the value that was acknowledged last, or as one of
 * those of which nobody knows: such a change may take effect at any time after it was sent.
 */
final class Register<T> {
  private final Set<T> possible = new HashSet<>();
  private @Nullable T last;

  Register(@Nullable T first) {
    last = first;
  }

  void written(@Nullable T value, Answer answer) {
    switch (answer) {
      case Answer.Acknowledged _ -> last = value;
      case Answer.Ambiguous _ -> {
        if (value != null) {
          possible.add(value);
        }
      }
      case Answer.Refused _ -> {
      }
    }
  }

  boolean mayBe(@Nullable T value) {
    return Objects.equals(last, value) || value != null && possible.contains(value);
  }

  @Override
  public String toString() {
    return possible.isEmpty() ? String.valueOf(last) : "%s or one of %s".formatted(last, possible);
  }
}
