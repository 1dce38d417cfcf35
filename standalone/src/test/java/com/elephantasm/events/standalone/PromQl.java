package com.elephantasm.events.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** As much of PromQL as it takes to see which metrics and labels a query names. */
final class PromQl {
  private static final Pattern GROUPING = Pattern.compile("\\b(by|without|on|ignoring)\\s*\\(([^)]*)\\)");
  private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\s*(\\{([^}]*)}|\\()?");
  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "offset", "bool", "atan2");

  /** @param labels that its matchers name */
  record Selector(String metric, Set<String> labels) {}

  private PromQl() {}

  static List<Selector> selectors(String query) {
    // What is grouped by, ranges, and the numbers with their units are none.
    String bare = GROUPING.matcher(query).replaceAll(" ").replaceAll("\\[[^]]*]", " ").replaceAll("\\b\\d[\\w.]*", " ");
    List<Selector> selectors = new ArrayList<>();
    for (MatchResult found : SELECTOR.matcher(bare).results().toList()) {
      boolean isFunction = "(".equals(found.group(2));
      if (!isFunction && !OPERATORS.contains(found.group(1))) {
        selectors.add(new Selector(found.group(1), labels(found.group(3))));
      }
    }
    return selectors;
  }

  private static Set<String> labels(@Nullable String matchers) {
    Set<String> labels = new TreeSet<>();
    if (matchers != null) {
      Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"[^\"]*\"").matcher(matchers).results()
          .forEach(label -> labels.add(label.group(1)));
    }
    return labels;
  }
}
