package com.elephantasm.events.writer.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.LogEntry;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TailTest extends TailIntegrationTest {
  private void born() {
    log.spirit(spirit).store();
  }

  @Test
  void an_event_is_shown_in_one_line_just_as_the_list_shows_it() {
    born();
    TailClient tail = tail(ONE, null);
    log.json("""
        {"agent_id": "%s", "event_type": "tool.call", "content": "line\\n\\r\\u2028 \\"ü😀\\"", "metadata": {"a": [1.0,
         {"b": "c"}]}, "importance_score": 0.5}""".formatted(spirit)).store();

    awaitFact(() -> tail.messages().size() == 1);
    TailClient.Message message = tail.messages().getFirst();
    assertThat("[" + message.data() + "]").isEqualTo(get(uri(ONE, "/api/v1/events", spirit)).body());
    assertThat(message.type()).isEqualTo("message");
    assertThat(tail.response().headers().firstValue("Content-Type")).hasValue("text/event-stream");
    assertThat(tail.response().headers().firstValue("Cache-Control")).hasValue("no-store");
  }

  @Test
  void only_what_is_stored_from_now_on_is_shown_and_only_of_the_spirit() {
    UUID other = UUID.randomUUID();
    log.spirit(spirit).spirit(other).event(spirit, "before").store();
    TailClient tail = tail(ONE, null);
    TailClient idle = tail(OTHER, null, "event_type", "none");
    log.event(other, "another's").event(spirit, "first").store();
    log.event(spirit, "second").store();

    awaitContents(tail, "first", "second");
    assertThat(idle.messages()).isEmpty();
  }

  @Test
  void every_instance_shows_what_any_other_has_stored() {
    born();
    TailClient atOne = tail(ONE, null);
    TailClient atOther = tail(OTHER, null);
    StoredLog storedByOther = new StoredLog(OTHER, topic, 1);
    log.event(spirit, "by one").store();
    awaitContents(atOther, "by one");
    storedByOther.event(spirit, "by other").store();

    awaitContents(atOne, "by one", "by other");
    awaitContents(atOther, "by one", "by other");
  }

  @Test
  void a_tail_that_is_cut_goes_on_at_any_instance_without_gaps_or_repeats() {
    born();
    TailClient first = tail(ONE, null);
    log.event(spirit, "a").event(spirit, "b").store();
    awaitContents(first, "a", "b");
    first.close();
    log.event(spirit, "c").store();
    TailClient second = tail(OTHER, first.messages().getFirst().lastEventId());
    log.event(spirit, "d").store();
    awaitContents(second, "b", "c", "d");
    second.close();

    log.event(spirit, "e").store();
    awaitContents(tail(ONE, second.lastEventId()), "e");
  }

  @Test
  void a_tail_that_is_cut_before_its_first_event_goes_on_from_its_beginning() {
    born();
    TailClient first = tail(ONE, null);
    first.close();
    log.event(spirit, "a").store();

    awaitContents(tail(OTHER, first.lastEventId()), "a");
  }

  @Test
  void the_place_moves_on_while_nothing_is_shown() {
    born();
    TailClient tail = tail(OTHER, null);
    String beginning = tail.lastEventId();
    log.event(UUID.randomUUID(), "of nobody").store();
    awaitFact(() -> !tail.lastEventId().equals(beginning));
    int before = tail.places();
    awaitFact(() -> tail.places() > before + 3);
    assertThat(tail.messages()).isEmpty();
  }

  @Test
  void events_that_waited_for_their_spirit_are_shown_when_it_comes_before_what_follows_it() {
    TailClient live = tail(ONE, null);
    StoredLog second = new StoredLog(ONE, topic, 1);
    second.event(spirit, "waited elsewhere").store();
    log.event(spirit, "waited 1").event(spirit, "waited 2").store();
    TailClient later = tail(OTHER, null);
    log.spirit(spirit).event(spirit, "after").store();

    awaitFact(() -> live.messages().size() == 4);
    assertThat(live.contents()).containsExactly("waited 1", "waited 2", "waited elsewhere", "after");
    awaitContents(later, "waited 1", "waited 2", "waited elsewhere", "after");
    // From the very beginning, where their own records are still ahead: not twice.
    awaitContents(tail(OTHER, TailCursor.START.encoded()), "waited 1", "waited 2", "waited elsewhere", "after");
    awaitContents(tail(ONE, live.messages().get(1).lastEventId()), "waited elsewhere", "after");
  }

  @Test
  void records_that_are_read_for_the_first_time_behind_the_position_are_shown() {
    born();
    log.event(spirit, "left out");
    List<LogEntry> leftOut = log.take();
    log.event(spirit, "a").store();
    TailClient tail = tail(ONE, null);
    log.event(spirit, "b");
    ONE.getBean(ChangeStore.class).apply(List.of(leftOut.getFirst(), log.take().getFirst()));

    awaitContents(tail, "left out", "b");
    awaitContents(tail(OTHER, TailCursor.START.encoded()), "left out", "a", "b");
  }

  @Test
  void records_that_are_read_again_are_not_shown_again() {
    born();
    TailClient tail = tail(ONE, null);
    log.event(spirit, "a").event(spirit, "b");
    List<LogEntry> batch = log.take();
    ONE.getBean(ChangeStore.class).apply(batch);
    OTHER.getBean(ChangeStore.class).apply(batch);
    log.event(spirit, "c").store();

    awaitContents(tail, "a", "b", "c");
    assertThat(jdbc.sql("SELECT count(*) FROM late_events WHERE agent_id = :id").param("id", spirit).query(Long.class)
        .single()).isZero();
  }

  @Test
  void partitions_and_topics_that_the_place_does_not_know_are_shown_from_their_beginning() {
    born();
    TailClient first = tail(ONE, null);
    first.close();
    log.event(spirit, "a").store();
    new StoredLog(ONE, topic, 7).event(spirit, "b").store();
    new StoredLog(ONE, UUID.fromString("ffffffff-ffff-8fff-bfff-ffffffffffff"), 0).event(spirit, "made anew").store();
    TailClient second = tail(OTHER, first.lastEventId());

    awaitFact(() -> second.messages().size() == 3);
    assertThat(second.contents()).containsExactlyInAnyOrder("a", "b", "made anew");
  }

  @Test
  void deleted_events_are_shown_only_where_asked_for() {
    born();
    TailClient before = tail(ONE, null);
    log.event(spirit, "kept").event(spirit, "deleted").store();
    awaitContents(before, "kept", "deleted");
    jdbc.sql("UPDATE events SET is_deleted = true WHERE agent_id = :id AND content = 'deleted'").param("id", spirit)
        .update();

    String beginning = TailCursor.START.encoded();
    awaitContents(tail(ONE, beginning, "include_deleted", "true"), "kept", "deleted");
    TailClient without = tail(ONE, beginning);
    log.event(spirit, "last").store();
    awaitContents(without, "kept", "last");
  }

  @Test
  void a_request_that_is_wrong_is_a_problem_before_the_stream_begins() {
    assertProblem(get(uri(ONE, spirit), "Last-Event-ID", "none of ours"), 400, "bad-request");
    String cursor = TailCursor.START.withLate(5).encoded();
    assertProblem(get(uri(ONE, spirit), "Last-Event-ID", cursor.substring(0, cursor.length() - 1)), 400, "bad-request");
    assertProblem(get(uri(ONE, spirit, "limit", "5")), 422, "invalid");
    assertProblem(get(uri(ONE, spirit, "min_importance", "2")), 422, "invalid");
    assertProblem(get(uri(ONE, spirit), "Accept", "application/json"), 406, "not-acceptable");
    assertProblem(send(HttpRequest.newBuilder(uri(ONE, spirit)).POST(BodyPublishers.noBody())), 405,
        "method-not-allowed");
    HttpResponse<String> noSpirit = get(uri(ONE, spirit).resolve("/api/v1/events/stream"));
    assertProblem(noSpirit, 422, "invalid");
    assertThat(noSpirit.body()).contains("agent_id");
  }

  private static void assertProblem(HttpResponse<String> response, int status, String type) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(response.body()).contains("urn:elephantasm:problem:" + type);
  }

  @Test
  void head_answers_at_once() {
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri(ONE, spirit)).HEAD());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
  }
}
