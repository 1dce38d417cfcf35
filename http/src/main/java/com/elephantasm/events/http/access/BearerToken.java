package com.elephantasm.events.http.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/** The credentials of RFC 6750 (section 2.1). Forms and queries are not looked at: those end up in logs. */
final class BearerToken {
  private static final Pattern CREDENTIALS = Pattern.compile("Bearer(?: +(.*))?", Pattern.CASE_INSENSITIVE);

  private BearerToken() {}

  /** All that the request has: none, one, or too many. Other schemes are for whoever stands in front. */
  static List<String> of(HttpServletRequest request) {
    List<String> tokens = new ArrayList<>();
    for (String line : Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION))) {
      Matcher credentials = CREDENTIALS.matcher(line);
      if (credentials.matches()) {
        tokens.add(Objects.requireNonNullElse(credentials.group(1), ""));
      }
    }
    return tokens;
  }
}
