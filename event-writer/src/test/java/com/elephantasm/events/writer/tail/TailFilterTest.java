package com.elephantasm.events.writer.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A tail says of each event, read or delivered, what the list says. */
class TailFilterTest extends TailIntegrationTest {
  private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");
  private static final List<String> TEXTS = List.of("a", "A", "", " ", "ä", "a\u0308", "😀", "a b");
  private static final List<String> TIMES = List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z",
      "2026-01-01T00:00:00.999999Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1969-12-31T23:59:59Z");
  private static final List<String> SCORES = List.of("0", "-0.0", "1", "0.1", "0.30000000000000004", "0.3", "5e-324",
      "0.5");

  @Test
  void a_tail_shows_what_the_list_has() {
    Random random = new Random(1);
    List<String[]> filters = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      filters.add(filter(random));
    }
    log.spirit(spirit).store();
    List<TailClient> live = new ArrayList<>();
    for (String[] filter : filters.subList(0, 20)) {
      live.add(tail(ONE, null, filter));
    }
    for (int i = 0; i < 150; i++) {
      log.json(event(random, i));
    }
    log.store();
    jdbc.sql("UPDATE events SET is_deleted = true WHERE agent_id = :id AND created_offset % 7 = 0").param("id", spirit)
        .update();

    for (int i = 0; i < filters.size(); i++) {
      String[] filter = filters.get(i);
      List<String> listed = listed(filter);
      TailClient read = tail(OTHER, TailCursor.START.encoded(), filter);
      awaitFact(() -> read.messages().size() >= listed.size());
      assertThat(read.contents()).as(String.join(" ", filter)).containsExactlyInAnyOrderElementsOf(listed);
      read.close();
      if (i < live.size() && !List.of(filter).contains("include_deleted")) {
        // It may have shown them before they were deleted.
        TailClient tail = live.get(i);
        awaitFact(() -> tail.contents().containsAll(listed));
      }
    }
  }

  private List<String> listed(String... filter) {
    String[] all = new String[filter.length + 2];
    System.arraycopy(filter, 0, all, 0, filter.length);
    all[filter.length] = "limit";
    all[filter.length + 1] = "200";
    Matcher contents = CONTENT.matcher(get(uri(ONE, "/api/v1/events", spirit, all)).body());
    return contents.results().map(result -> result.group(1)).toList();
  }

  private static String[] filter(Random random) {
    List<String> filter = new ArrayList<>();
    for (String name : List.of("event_type", "session_id", "role", "author")) {
      if (random.nextInt(4) == 0) {
        filter.addAll(List.of(name, any(random, TEXTS)));
      }
    }
    if (random.nextInt(3) == 0) {
      filter.addAll(List.of("min_importance", any(random, SCORES).replace("-", "").replace("5e324", "5e-324")));
    }
    if (random.nextInt(3) == 0) {
      filter.addAll(List.of("since", any(random, TIMES)));
    }
    if (random.nextInt(3) == 0) {
      filter.addAll(List.of("until", any(random, TIMES)));
    }
    if (random.nextInt(2) == 0) {
      filter.addAll(List.of("include_deleted", "true"));
    }
    return filter.toArray(String[]::new);
  }

  private String event(Random random, int number) {
    StringBuilder json = new StringBuilder("{\"agent_id\":\"%s\",\"content\":\"%d\"".formatted(spirit, number));
    json.append(",\"event_type\":\"%s\"".formatted(random.nextBoolean() ? "a" : "A"));
    for (String name : List.of("session_id", "role", "author")) {
      if (random.nextInt(3) > 0) {
        json.append(",\"%s\":\"%s\"".formatted(name, any(random, TEXTS)));
      }
    }
    if (random.nextInt(3) > 0) {
      json.append(",\"importance_score\":").append(any(random, SCORES));
    }
    return json.append(",\"occurred_at\":\"%s\"}".formatted(any(random, TIMES))).toString();
  }

  private static String any(Random random, List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
