package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.schema.Timestamps;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a query and collects everything that is wrong with them. Each one may be given once. Those that
 * nobody has read at the end are not of the query: a misspelt filter must not be taken for none.
 */
public final class QueryParameters {
  private static final UUID NIL = new UUID(0, 0);
  private static final Pattern UUID_TEXT = Pattern
      .compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,20}(\\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?");

  private final String part;
  private final Map<String, List<String>> given;
  private final Set<String> known = new HashSet<>();
  private final List<InvalidInput> errors = new ArrayList<>();

  public QueryParameters(Map<String, List<String>> given) {
    this("query", given);
  }

  private QueryParameters(String part, Map<String, List<String>> given) {
    this.part = part;
    this.given = given;
  }

  /** For an operation that takes what would be parameters of a query as the members of a JSON object. */
  public static QueryParameters ofBody(Map<String, List<String>> members) {
    return new QueryParameters("body", members);
  }

  /**
   * Ends the request where anything is wrong; to be called when every parameter has been read.
   *
   * @throws ProblemException 422 with everything that is wrong
   */
  public void requireValid() {
    given.keySet().stream().filter(name -> !known.contains(name))
        .forEach(name -> report(name, part.equals("body")
            ? "is not a field of this resource"
            : "is not a parameter of this resource"));
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors).asException();
    }
  }

  private void report(String name, String message) {
    errors.add(new InvalidInput(part, "/" + name, message));
  }

  /** Something harmless where it is missing or wrong: {@link #requireValid} ends the request. */
  UUID requiredUuid(String name) {
    UUID value = uuid(name);
    if (!given.containsKey(name)) {
      report(name, "is required");
    }
    return value == null ? NIL : value;
  }

  public @Nullable UUID uuid(String name) {
    return read(name, "must be a UUID of 36 characters, such as 4ed77144-2596-5006-899e-2dbe2ab3832e",
        text -> UUID_TEXT.matcher(text).matches() ? UUID.fromString(text) : null);
  }

  /** One of these words. */
  public @Nullable String choice(String name, Collection<String> words) {
    return read(name, "must be one of " + String.join(", ", words), text -> words.contains(text) ? text : null);
  }

  /** A whole number within bounds, both inclusive. */
  public @Nullable Long number(String name, long least, long most) {
    return read(name, "must be a whole number from %d to %d".formatted(least, most), text -> {
      long value = WHOLE_NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
      return value >= least && value <= most ? value : null;
    });
  }

  public @Nullable String text(String name) {
    return read(name, "must not contain NUL (U+0000): no stored text does", text -> text.indexOf(0) < 0 ? text : null);
  }

  public @Nullable Instant timestamp(String name) {
    return read(name, "must be an RFC 3339 timestamp of the years 0001 to 9999, such as 2024-05-15T15:00:01.123456Z;"
        + " no offset means UTC, and the + of an offset is written %2B", Timestamps::parse);
  }

  @Nullable
  Double fraction(String name) {
    return read(name, "must be a number from 0 to 1", text -> {
      BigDecimal value = DECIMAL.matcher(text).matches() ? new BigDecimal(text) : null;
      return value == null || value.compareTo(BigDecimal.ONE) > 0 ? null : value.doubleValue();
    });
  }

  boolean flag(String name) {
    Boolean value = decision(name);
    return value != null && value;
  }

  /** True, false, or null where it was not given. */
  public @Nullable Boolean decision(String name) {
    return read(name, "must be true or false", text -> switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    });
  }

  /** How many at most; null where it was not given. */
  public @Nullable Integer limit() {
    return read("limit", "must be a whole number from 1 to " + Page.MAX_LIMIT, text -> {
      long value = WHOLE_NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
      return value >= 1 && value <= Page.MAX_LIMIT ? (int) value : null;
    });
  }

  /** How many to leave out first; 0 where it was not given. */
  long offset() {
    Long value = read("offset", "must be a whole number from 0 on, of at most 18 digits",
        text -> WHOLE_NUMBER.matcher(text).matches() ? Long.parseLong(text) : null);
    return value == null ? 0 : value;
  }

  /** A cursor, which has an offset in it as it were: both together would be ambiguous. */
  public <C> @Nullable C cursor(Function<String, @Nullable C> decode) {
    C cursor = read("cursor", "is not a cursor of this list; take it from the Link header, with the same filters",
        decode);
    if (given.containsKey("cursor") && given.containsKey("offset")) {
      report("cursor", "must not be given together with offset");
    }
    return cursor;
  }

  /** The value of a parameter that was given once and is as it must be; what cannot be read is null. */
  private <V> @Nullable V read(String name, String rule, Function<String, @Nullable V> read) {
    known.add(name);
    List<String> values = given.getOrDefault(name, List.of());
    if (values.size() > 1) {
      report(name, "must be given once");
      return null;
    }
    if (values.isEmpty()) {
      return null;
    }
    V value = read.apply(values.getFirst());
    if (value == null) {
      report(name, rule);
    }
    return value;
  }
}
