package com.elephantasm.events.ingest;

import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.schema.DedupeKey;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header of draft-ietf-httpapi-idempotency-key-header, by which a client names its event where the body does not. The draft
 * asks for a string of RFC 8941, in double quotes; most clients send the bare key. Both are the same key.
 */
final class IdempotencyKey {
  static final String HEADER = "Idempotency-Key";

  /** RFC 8941, section 3.3.3: printable ASCII, with backslashes before quotes and backslashes. */
  private static final Pattern STRING = Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\"\\\\])*+)\"");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");
  private static final Pattern BARE = Pattern.compile("[\\x21\\x23-\\x7e]++");
  private static final String RULES = "must be one key of 1 to %d printable ASCII characters, not all blank: in double quotes, or bare and without spaces"
      .formatted(DedupeKey.MAX_LENGTH);

  private IdempotencyKey() {}

  /**
   * The key of the request; null where it has none.
   *
   * @throws com.elephantasm.events.http.ProblemException 422 where it breaks the rules
   */
  static @Nullable DedupeKey of(HttpServletRequest request) {
    Enumeration<String> lines = request.getHeaders(HEADER);
    if (!lines.hasMoreElements()) {
      return null;
    }
    String line = lines.nextElement();
    DedupeKey key = lines.hasMoreElements() ? null : parse(line);
    if (key == null) {
      throw Problem.invalid(InvalidInput.header(HEADER, RULES)).asException();
    }
    return key;
  }

  /** Null where it breaks the rules. */
  static @Nullable DedupeKey parse(String line) {
    String value = line.strip();
    Matcher string = STRING.matcher(value);
    if (!string.matches()) {
      return BARE.matcher(value).matches() ? key(value) : null;
    }
    return key(ESCAPED.matcher(string.group(1)).replaceAll("$1"));
  }

  private static @Nullable DedupeKey key(String value) {
    return value.isBlank() || value.length() > DedupeKey.MAX_LENGTH ? null : new DedupeKey(value);
  }
}
