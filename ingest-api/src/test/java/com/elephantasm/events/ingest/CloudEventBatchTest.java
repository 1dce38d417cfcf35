package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.ingest.Client.Answer;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.SpiritId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CloudEventBatchTest extends IntegrationTest {
  private static final String PATH = "/api/v1/events/batch";
  private static final String BATCH = "application/cloudevents-batch+json";
  private final SpiritId spirit = StandInWriter.newSpirit();

  /** A whole envelope; more members begin with a comma. */
  private String cloudEvent(String id, String more) {
    return "{\"data\":%s,\"specversion\":\"1.0\",\"type\":\"com.elephantasm.event.created.v1\",\"source\":\"/crm\",\"id\":\"%s\"%s}"
        .formatted(data(id), id, more);
  }

  private String data(String content) {
    return "{\"agent_id\":\"%s\",\"event_type\":\"message.in\",\"content\":\"%s\"}".formatted(spirit, content);
  }

  private static Answer send(String body, String... headers) {
    List<String> all = new ArrayList<>(List.of("Content-Type", BATCH));
    all.addAll(List.of(headers));
    return CLIENT.send("POST", PATH, body, all.toArray(String[]::new));
  }

  private List<StandInWriter.Read> reads() {
    return WRITER.reads(change -> change.spiritId().equals(spirit));
  }

  private String id(String id) {
    return EventId.of(spirit, new Identity.CloudEvent("/crm", id)).toString();
  }

  @Test
  void each_CloudEvent_of_a_batch_gets_its_own_result() {
    Answer answer = send("[" + String.join(",", cloudEvent("a", ",\"tenant\":\"eu\",\"time\":\"2024-05-15T15:00:01Z\""),
        cloudEvent("b", ",\"specversion\":\"1.0\""), data("plain"), cloudEvent("c", ",\"time\":\"never\""), "7",
        cloudEvent("d", ",\"subject\":\"s\"")) + "]");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(207);
    JsonNode results = answer.json().at("/results");
    assertThat(results.valueStream().map(result -> result.at("/status").asInt())).containsExactly(202, 400, 422, 422,
        422, 202);
    assertThat(results.at("/0/id").asString()).isEqualTo(id("a"));
    assertThat(results.at("/5/id").asString()).isEqualTo(id("d"));
    assertThat(results.at("/2/errors").valueStream().map(error -> error.at("/pointer").asString())).containsExactly(
        "/agent_id", "/event_type", "/specversion", "/type", "/source", "/id", "/data");
    assertThat(results.at("/3/errors/0/pointer").asString()).isEqualTo("/time");
    await().atMost(Duration.ofMinutes(1)).until(() -> reads().size() == 2);
    StandInWriter.Read first = reads().getFirst();
    assertThat(first.record().header("ce_source")).isEqualTo("/crm");
    assertThat(first.record().header("ce_id")).isEqualTo("a");
    assertThat(first.record().header("ce_tenant")).isEqualTo("eu");
    assertThat(first.record().header("ce_time")).isEqualTo("2024-05-15T15:00:01Z");
    assertThat(((Change.EventCreated) first.change()).occurredAt()).isEqualTo("2024-05-15T15:00:01Z");
    assertThat(reads().getLast().record().header("ce_subject")).isEqualTo("s");
  }

  @Test
  void an_event_has_the_id_in_a_batch_that_it_has_by_itself() {
    assertThat(
        CLIENT.send("POST", "/api/v1/events", cloudEvent("a", ""), "Content-Type", "application/cloudevents+json",
            "Prefer", "respond-async").json().at("/id").asString())
        .isEqualTo(id("a"));
    JsonNode results = send("[" + cloudEvent("a", "") + "," + cloudEvent("a", "") + "]", "Prefer", "wait=30").json()
        .at("/results");
    assertThat(results.at("/0/id").asString()).isEqualTo(id("a"));
    assertThat(results.at("/1/id").asString()).isEqualTo(id("a"));
    assertThat(results.at("/0/status").asInt()).isEqualTo(201);
  }

  @Test
  void a_batch_may_be_empty() {
    assertThat(send("[]").status()).isEqualTo(207);
  }

  @Test
  void one_CloudEvent_is_no_batch() {
    send(cloudEvent("a", "")).problem(422, "invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/cloudevents+json", "application/cloudevents-batch",
      "application/cloudevents-batch+avro", "application/cloudevents-batch+json;charset=utf-16"})
  void other_forms_are_a_415_that_names_those_that_are_taken(String type) {
    Answer answer = CLIENT.send("POST", PATH, "[]", "Content-Type", type);
    answer.problem(415, "unsupported-media-type");
    assertThat(answer.header("Accept")).contains(BATCH);
  }
}
