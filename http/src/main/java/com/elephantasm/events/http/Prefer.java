package com.elephantasm.events.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the client prefers (RFC 7240): {@code respond-async}, {@code wait}, or both, which is to wait first and be
 * asynchronous then; {@code return=minimal}, where there is something to leave out. As the RFC has it, what is unknown or
 * malformed is ignored, and of one preference the first counts.
 *
 * <p>A controller's method takes it as a parameter.
 *
 * @param waitTime as asked for, whatever the bounds; null where the client does not say
 */
public record Prefer(boolean respondAsync, @Nullable Duration waitTime, boolean returnMinimal) {
  public static final String HEADER = "Prefer";
  public static final String APPLIED = "Preference-Applied";
  static final Prefer NOTHING = new Prefer(false, null, false);

  private static final Pattern SECONDS = Pattern.compile("[0-9]+");
  private static final long LONGEST = Integer.MAX_VALUE;

  /** Reads all lines of the header. */
  public static Prefer parse(Collection<String> lines) {
    if (lines.isEmpty()) {
      return NOTHING;
    }
    Map<String, String> preferences = new TreeMap<>();
    for (String preference : split(String.join(",", lines), ',')) {
      // What follows a semicolon are parameters; those that we know have none.
      String[] nameAndValue = split(preference, ';').getFirst().split("=", 2);
      preferences.putIfAbsent(nameAndValue[0].strip().toLowerCase(Locale.ROOT),
          nameAndValue.length == 1 ? "" : unquoted(nameAndValue[1].strip()));
    }
    return new Prefer("".equals(preferences.get("respond-async")), seconds(preferences.getOrDefault("wait", "")),
        "minimal".equals(preferences.get("return")));
  }

  /** Splits at a separator that stands outside quotes. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static String unquoted(String word) {
    return word.length() >= 2 && word.startsWith("\"") && word.endsWith("\"")
        ? word.substring(1, word.length() - 1)
        : word;
  }

  private static @Nullable Duration seconds(String value) {
    if (!SECONDS.matcher(value).matches()) {
      return null;
    }
    return Duration.ofSeconds(value.length() > 9 ? LONGEST : Long.parseLong(value));
  }

  /** How long this request waits for the store. */
  public Duration granted(HttpSettings settings) {
    if (waitTime != null) {
      return waitTime.compareTo(settings.maxWait()) < 0 ? waitTime : settings.maxWait();
    }
    return respondAsync ? Duration.ZERO : settings.defaultWait();
  }

  /** How long each event of a batch waits for the store: not at all, unless the client asks for it. */
  public Duration grantedToBatch(HttpSettings settings) {
    return waitTime == null ? Duration.ZERO : granted(settings);
  }

  /** What {@code Preference-Applied} says of a batch; empty where nothing that the client asked for was applied. */
  public String appliedToBatch(HttpSettings settings) {
    return applied(settings, waitTime == null);
  }

  /**
   * What {@code Preference-Applied} says; empty where nothing that the client asked for was applied.
   *
   * @param accepted whether the answer is 202
   */
  public String applied(HttpSettings settings, boolean accepted) {
    List<String> applied = new ArrayList<>();
    if (respondAsync && accepted) {
      applied.add("respond-async");
    }
    if (waitTime != null) {
      applied.add("wait=" + granted(settings).toSeconds());
    }
    return String.join(", ", applied);
  }
}
