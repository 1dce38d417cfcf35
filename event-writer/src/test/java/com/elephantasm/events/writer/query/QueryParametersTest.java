package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest extends QueryIntegrationTest {
  @Test
  void the_spirit_must_be_named() {
    assertThat(errors(get("/api/v1/events"))).containsExactly("query /agent_id");
    assertThat(errors(get("/api/v1/events/count"))).containsExactly("query /agent_id");
  }

  @ParameterizedTest
  @CsvSource({"agent_id,1-1-1-1-1", "agent_id,''", "event_type,a\0b", "session_id,a\0b", "role,a\0b", "author,a\0b",
      "min_importance,1.00000000000000000001", "min_importance,-0.1", "min_importance,NaN", "min_importance,''",
      "min_importance,٠", "since,yesterday", "since,2026-02-29T00:00:00Z", "since,0000-01-01T00:00:00Z",
      "until,2026-01-01", "until,1", "include_deleted,yes", "include_deleted,''", "limit,0", "limit,201", "limit,-1",
      "limit,ten", "limit,99999999999999999999", "limit,''", "offset,-1", "offset,1.5", "offset,9999999999999999999",
      "cursor,''", "cursor,abc", "cursor,###"})
  void a_value_that_is_wrong_is_named(String name, String value) {
    String query = name.equals("agent_id") ? "/api/v1/events?agent_id=" + value : events(name, value);
    assertThat(errors(get(query))).containsExactly("query /" + name);
  }

  @Test
  void a_plus_that_was_not_encoded_is_explained() {
    HttpResponse<String> response = get(events() + "&since=2026-01-01T00:00:00+01:00");
    assertThat(errors(response)).containsExactly("query /since");
    assertThat(response.body()).contains("%2B");
  }

  @Test
  void everything_that_is_wrong_is_named_at_once() {
    assertThat(errors(get("/api/v1/events?agent_id=x&limit=0&limt=3&role=a&role=b&since=x&offset=0&cursor=zzz")))
        .containsExactlyInAnyOrder("query /agent_id", "query /limit", "query /limt", "query /role", "query /since",
            "query /cursor", "query /cursor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sesion_id", "Limit", "a/b~c", "page"})
  void a_parameter_that_nobody_knows_is_named(String name) {
    assertThat(errors(get(events(name, "1")))).containsExactly("query /" + name);
  }

  @Test
  void what_only_makes_sense_for_a_list_is_unknown_to_a_count() {
    assertThat(errors(get(path("/api/v1/events/count", "limit", "1", "offset", "1", "cursor", "x"))))
        .containsExactly("query /limit", "query /offset", "query /cursor");
  }

  @Test
  void single_reads_take_include_deleted_and_nothing_else() {
    assertThat(errors(get("/api/v1/events/" + spirit + "?include_deletd=true")))
        .containsExactly("query /include_deletd");
    assertThat(errors(get("/api/v1/spirits/" + spirit + "?x=1&include_deleted=1")))
        .containsExactly("query /include_deleted", "query /x");
    assertThat(errors(get("/api/v1/events/1-1-1-1-1"))).containsExactly("path /id");
  }

  @Test
  void a_cursor_is_good_for_its_own_list_only() {
    event().session("s").insertMany(3);
    String newest = cursor(events("limit", "1"));
    String session = cursor(events("session_id", "s", "limit", "1"));
    assertThat(errors(get(events("session_id", "s", "cursor", newest)))).containsExactly("query /cursor");
    assertThat(errors(get(events("cursor", session)))).containsExactly("query /cursor");
    assertThat(errors(get("/api/v1/spirits?cursor=" + newest))).containsExactly("query /cursor");
    assertThat(errors(get(events("cursor", newest, "offset", "0")))).containsExactly("query /cursor");
    assertThat(ids(events("session_id", "s", "cursor", session))).hasSize(2);
  }

  private String cursor(String list) {
    return String.valueOf(next(get(list))).replaceFirst(".*cursor=", "");
  }

  @Test
  void a_forged_cursor_is_an_error_or_a_place_but_no_failure() {
    for (long time : new long[]{Long.MIN_VALUE, -210_866_803_200_000_001L}) {
      assertThat(errors(get(events("cursor", forged(time, 0))))).containsExactly("query /cursor");
      assertThat(errors(get(events("cursor", forged(0, time))))).containsExactly("query /cursor");
    }
    for (long time : new long[]{-210_866_803_200_000_000L, Long.MAX_VALUE}) {
      assertThat(ids(events("cursor", forged(time, time)))).isEmpty();
    }
  }

  private static String forged(long occurredAt, long createdAt) {
    return Base64.getUrlEncoder().withoutPadding()
        .encodeToString(ByteBuffer.allocate(42).putChar('n').putLong(occurredAt)
            .putLong(createdAt).putLong(Long.MIN_VALUE).putLong(-1).putLong(-1).array());
  }

  @ParameterizedTest
  @ValueSource(strings = {"%zz", "%", "%FF", "%ED%A0%80", "x&=1"})
  void what_is_no_text_at_all_is_a_client_error(String value) {
    String response = answer("/api/v1/events?agent_id=" + spirit + "&session_id=" + value);
    assertThat(response).startsWith("HTTP/1.1 4").contains("application/problem+json");
  }
}
