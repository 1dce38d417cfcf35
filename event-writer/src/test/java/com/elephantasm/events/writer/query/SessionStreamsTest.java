package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.schema.SpiritId;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class SessionStreamsTest extends QueryIntegrationTest {
  @Autowired
  private EventQueries queries;

  @Test
  void a_session_of_20_000_events_comes_whole_and_in_order() {
    event().session("long").insertMany(20_000);
    HttpResponse<String> response = get(events("session_id", "long"));
    assertThat(response.headers().firstValue("Link")).isEmpty();
    List<String> contents = new ArrayList<>();
    json(response).forEach(event -> contents.add(event.get("content").asString()));
    assertThat(contents).hasSize(20_000);
    for (int i = 0; i < contents.size(); i++) {
      assertThat(contents.get(i)).isEqualTo("Hello " + i);
    }
  }

  @Test
  void without_a_limit_an_offset_or_a_cursor_leads_to_all_the_rest() {
    event().session("s").insertMany(250);
    List<UUID> all = ids(events("session_id", "s"));
    assertThat(ids(events("session_id", "s", "offset", "7"))).isEqualTo(all.subList(7, 250));
    String cursor = String.valueOf(next(get(events("session_id", "s", "limit", "9")))).replaceFirst(".*cursor=", "");
    assertThat(ids(events("session_id", "s", "cursor", cursor))).isEqualTo(all.subList(9, 250));
  }

  @Test
  void a_session_that_is_not_there_is_an_empty_list() {
    assertThat(get(events("session_id", "none")).body()).isEqualTo("[]");
  }

  @Test
  void the_rows_are_read_in_steps() {
    event().session("s").insertMany(1000);
    List<Long> openCursors = new ArrayList<>();
    queries.forEach(
        new EventFilter(new SpiritId(spirit), null, "s", null, null, null, null, null, false),
        new EventWindow(null, 0, null), _ -> {
          if (openCursors.isEmpty()) {
            openCursors
                .add(jdbc.sql("SELECT count(*) FROM pg_cursors WHERE statement LIKE '%FROM events%' AND name <> ''")
                    .query(Long.class).single());
          }
        });
    assertThat(openCursors).containsExactly(1L);
  }

  /** A row that no writer makes: reading it fails. */
  @Test
  void an_answer_that_fails_in_the_middle_does_not_look_whole() {
    event().session("broken").insertMany(3000);
    event().session("broken").occurredAt("2026-06-01T00:00:00Z").metadata("[]").insert();
    String path = events("session_id", "broken");
    assertThatThrownBy(() -> HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri(path)).build(),
        BodyHandlers.ofString())).isInstanceOf(IOException.class);
    assertThat(answer(path)).startsWith("HTTP/1.1 200").doesNotEndWith("]").doesNotEndWith("\r\n0\r\n\r\n")
        .doesNotContain("urn:elephantasm:problem");
  }

  @Test
  void an_answer_that_fails_before_its_beginning_is_a_problem() {
    event().session("broken").insert();
    event().session("broken").metadata("[]").insert();
    HttpResponse<String> response = get(events("session_id", "broken"));
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(problemType(response)).isEqualTo("internal");
  }

  /** As many clients as there are places read nothing of their answers; one that has gone makes room for another. */
  @Test
  void clients_that_do_not_read_leave_connections_for_others() throws Exception {
    event().session("large").content("x".repeat(100_000)).insertMany(300);
    event().session("small").insertMany(3);
    try (HttpClient clients = HttpClient.newHttpClient()) {
      List<InputStream> slow = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        slow.add(clients.send(HttpRequest.newBuilder(uri(events("session_id", "large"))).build(),
            BodyHandlers.ofInputStream()).body());
      }
      assertThat(ids(events())).hasSize(50);
      for (InputStream answer : slow) {
        answer.close();
      }
      assertThat(ids(events("session_id", "small"))).hasSize(3);
    }
  }
}
