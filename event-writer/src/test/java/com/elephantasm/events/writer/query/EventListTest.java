package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventListTest extends QueryIntegrationTest {
  @Test
  void a_spirit_that_has_no_events_or_is_not_there_has_an_empty_list() {
    HttpResponse<String> response = get(events());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.headers().firstValue("Link")).isEmpty();
    assertThat(response.body()).isEqualTo("[]");
  }

  @Test
  void only_the_events_of_the_spirit_are_listed() {
    UUID own = event().insert();
    new EventRow(jdbc, UUID.randomUUID()).insert();
    assertThat(ids(events())).containsExactly(own);
  }

  @Test
  void each_filter_leaves_what_meets_it() {
    UUID plain = event().insert();
    UUID typed = event().type("tool call & ünïcode").insert();
    UUID said = event().role("user").insert();
    UUID written = event().author("Ada <ada@example.org>").insert();
    UUID important = event().importance(0.1).insert();
    UUID inSession = event().session("").insert();
    assertThat(ids(events("event_type", "tool call & ünïcode"))).containsExactly(typed);
    assertThat(ids(events("role", "user"))).containsExactly(said);
    assertThat(ids(events("author", "Ada <ada@example.org>"))).containsExactly(written);
    assertThat(ids(events("min_importance", "0.1"))).containsExactly(important);
    assertThat(ids(events("min_importance", "0.10000000000000001"))).containsExactly(important);
    assertThat(ids(events("min_importance", "0.11"))).isEmpty();
    assertThat(ids(events("session_id", ""))).containsExactly(inSession);
    assertThat(ids(events("event_type", "message.in"))).hasSize(5).contains(plain).doesNotContain(typed);
  }

  @Test
  void since_is_inclusive_and_until_is_exclusive_to_the_microsecond() {
    UUID before = event().occurredAt("2026-03-01T11:59:59.999999Z").insert();
    UUID at = event().occurredAt("2026-03-01T12:00:00Z").insert();
    UUID after = event().occurredAt("2026-03-01T12:00:00.000001Z").insert();
    assertThat(ids(events("since", "2026-03-01T12:00:00Z"))).containsExactly(after, at);
    assertThat(ids(events("until", "2026-03-01T12:00:00Z"))).containsExactly(before);
    assertThat(ids(events("since", "2026-03-01T13:00:00+01:00", "until", "2026-03-01 12:00:00.000001")))
        .containsExactly(at);
    assertThat(ids(events("since", "0001-01-01T00:00:00Z", "until", "9999-12-31T23:59:59.999999Z"))).hasSize(3);
  }

  @Test
  void filters_together_leave_what_meets_them_all() {
    UUID wanted = event().type("t").session("s").role("r").author("a").importance(0.5).insert();
    event().type("x").session("s").role("r").author("a").importance(0.5).insert();
    event().type("t").session("x").role("r").author("a").importance(0.5).insert();
    event().type("t").session("s").role("x").author("a").importance(0.5).insert();
    event().type("t").session("s").role("r").author("x").importance(0.5).insert();
    event().type("t").session("s").role("r").author("a").importance(0.4).insert();
    event().type("t").session("s").role("r").author("a").importance(0.5).occurredAt("2027-01-01T00:00:00Z").insert();
    event().type("t").session("s").role("r").author("a").importance(0.5).deleted().insert();
    String[] all = {"event_type", "t", "session_id", "s", "role", "r", "author", "a", "min_importance", "0.5", "since",
        "2026-01-01T00:00:00Z", "until", "2027-01-01T00:00:00Z", "limit", "10"};
    assertThat(ids(events(all))).containsExactly(wanted);
  }

  @Test
  void deleted_events_are_listed_only_where_asked_for() {
    UUID kept = event().offset(1).insert();
    UUID deleted = event().offset(2).deleted().insert();
    assertThat(ids(events())).containsExactly(kept);
    assertThat(ids(events("include_deleted", "false"))).containsExactly(kept);
    assertThat(ids(events("include_deleted", "true"))).containsExactly(deleted, kept);
  }

  @Test
  void the_newest_come_first_and_ties_stand_in_log_order() {
    List<UUID> oldestFirst = insertTies("s");
    assertThat(ids(events())).containsExactlyElementsOf(oldestFirst.reversed());
  }

  @Test
  void in_a_session_the_oldest_come_first_and_ties_stand_in_log_order() {
    List<UUID> oldestFirst = insertTies("s");
    assertThat(ids(events("session_id", "s"))).containsExactlyElementsOf(oldestFirst);
    assertThat(ids(events("session_id", "s", "limit", "200"))).containsExactlyElementsOf(oldestFirst);
  }

  /** In an order that is that of no index. */
  private List<UUID> insertTies(String session) {
    UUID low = UUID.fromString(spirit.toString().substring(0, 35).replaceFirst("^.", "1") + "1");
    UUID high = UUID.fromString(spirit.toString().substring(0, 35).replaceFirst("^.", "f") + "2");
    UUID sixth = event().session(session).occurredAt("2026-01-02T00:00:00Z").createdAt("2025-01-01T00:00:00Z").insert();
    UUID fifth = event().session(session).createdAt("2026-01-02T00:00:00Z").offset(1).insert();
    UUID second = event().session(session).offset(8).id(high).insert();
    UUID first = event().session(session).offset(7).insert();
    UUID third = event().session(session).offset(9).id(low).insert();
    UUID fourth = event().session(session).offset(10).insert();
    return List.of(first, second, third, fourth, fifth, sixth);
  }

  @Test
  void a_page_has_50_events_unless_the_limit_says_otherwise() {
    event().insertMany(201);
    assertThat(ids(events())).hasSize(50);
    assertThat(ids(events("limit", "1"))).hasSize(1);
    assertThat(ids(events("limit", "200"))).hasSize(200);
  }

  @Test
  void an_offset_leaves_out_what_comes_first_and_the_next_page_follows_by_cursor() {
    event().insertMany(25);
    List<UUID> all = ids(events());
    HttpResponse<String> response = get(events("offset", "5", "limit", "10"));
    assertThat(ids(response)).isEqualTo(all.subList(5, 15));
    assertThat(next(response)).doesNotContain("offset");
    assertThat(walk(events("offset", "5", "limit", "10"), () -> {})).isEqualTo(all.subList(5, 25));
    assertThat(ids(events("offset", "25"))).isEmpty();
    assertThat(ids(events("offset", "999999999999999999"))).isEmpty();
  }

  @Test
  void the_last_page_has_no_link_even_where_it_is_full() {
    event().insertMany(20);
    HttpResponse<String> first = get(events("limit", "10"));
    HttpResponse<String> second = get(String.valueOf(next(first)));
    assertThat(ids(second)).hasSize(10);
    assertThat(next(second)).isNull();
  }

  @Test
  void the_link_is_a_uri_that_repeats_the_request_whatever_its_values() {
    String session = "a b&c=d+e%20f>;rel=\"x\",<ü😀#/?";
    event().session(session).type("tool call").insertMany(5);
    event().session("a b").insertMany(5);
    String first = events("session_id", session, "event_type", "tool call", "since", "2025-01-01T00:00:00+02:00",
        "limit",
        "2");
    String next = next(get(first));
    assertThat(next).matches("http://127\\.0\\.0\\.1:[0-9]+/api/v1/events\\?[A-Za-z0-9_.~%=&-]+");
    assertThat(walk(first, () -> {})).hasSize(5).doesNotHaveDuplicates().isEqualTo(ids(events("session_id", session)));
  }

  @Test
  void a_walk_in_pages_sees_each_event_once_while_events_come_in() {
    event().session("s").insertMany(2000);
    // Many of one moment, so that page ends fall among ties.
    for (int i = 0; i < 300; i++) {
      event().session("s").occurredAt("2026-01-01T00:10:00Z").insert();
    }
    List<UUID> newestFirst = ids(events("session_id", "s")).reversed();
    for (String[] filter : new String[][]{{"limit", "37"}, {"session_id", "s", "limit", "37"}}) {
      List<UUID> seen = walk(events(filter), () -> {
        event().session("s").occurredAt("2026-01-01T00:00:00Z").insert();
        event().session("s").occurredAt("2026-01-01T00:10:00Z").insert();
        event().session("s").occurredAt("2026-12-01T00:00:00Z").insert();
      });
      assertThat(seen).doesNotHaveDuplicates();
      List<UUID> seenOfBefore = new ArrayList<>(seen);
      seenOfBefore.retainAll(new HashSet<>(newestFirst));
      assertThat(seenOfBefore).isEqualTo(filter[0].equals("limit") ? newestFirst : newestFirst.reversed());
    }
  }

  @Test
  void the_count_is_that_of_the_filter() {
    event().session("s").insertMany(300);
    event().session("s").deleted().insertMany(7);
    event().insertMany(20);
    assertThat(get(path("/api/v1/events/count")).body()).isEqualTo("{\"count\":320}");
    assertThat(get(path("/api/v1/events/count", "session_id", "s")).body()).isEqualTo("{\"count\":300}");
    assertThat(get(path("/api/v1/events/count", "session_id", "s", "include_deleted", "true", "since",
        "2026-01-01T00:00:01Z")).body()).isEqualTo("{\"count\":305}");
  }

  @Test
  void an_event_is_found_by_its_id() {
    UUID id = event().insert();
    HttpResponse<String> response = get("/api/v1/events/" + id);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("""
        {"id":"%s","agent_id":"%s","event_type":"message.in","content":"Hello","meta_summary":null,"role":null,\
        "author":null,"occurred_at":"2026-01-01T00:00:00Z","session_id":null,"metadata":{},"source_uri":null,\
        "dedupe_key":null,"importance_score":null,"created_at":"2026-01-01T00:00:01Z",\
        "updated_at":"2026-01-01T00:00:01Z","is_deleted":false}""".formatted(id, spirit));
    assertThat("[" + response.body() + "]").isEqualTo(get(events()).body());
  }

  @Test
  void an_event_that_is_not_there_or_deleted_is_an_unknown_event() {
    UUID deleted = event().deleted().insert();
    for (UUID id : List.of(UUID.randomUUID(), deleted)) {
      HttpResponse<String> response = get("/api/v1/events/" + id);
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(problemType(response)).isEqualTo("unknown-event");
    }
    assertThat(get("/api/v1/events/" + deleted + "?include_deleted=true").statusCode()).isEqualTo(200);
  }
}
