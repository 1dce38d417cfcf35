package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.standalone.Client.Answer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** One CloudEvent is one event, whichever way it comes and however often. */
class CloudEventsTest extends StandaloneTest {
  private static final String TYPE = "com.elephantasm.event.created.v1";
  private final String spirit = CLIENT.newSpirit();
  private final String id = UUID.randomUUID().toString();
  private final String data = "{\"agent_id\":\"%s\",\"event_type\":\"message.in\",\"content\":\"Grüße 🐘\"}"
      .formatted(spirit);
  private final String envelope = "{\"data\":%s,\"specversion\":\"1.0\",\"type\":\"%s\",\"source\":\"/crm\",\"id\":\"%s\",\"time\":\"2024-05-15T15:00:01Z\"}"
      .formatted(data, TYPE, id);

  private Answer structured() {
    return CLIENT.post("/api/v1/events", envelope, "Content-Type", "application/cloudevents+json", "Prefer", "wait=30");
  }

  private Answer binary() {
    return CLIENT.post("/api/v1/events", data, "ce-specversion", "1.0", "ce-type", TYPE, "ce-source", "/crm", "ce-id",
        id, "ce-time", "2024-05-15T15:00:01Z", "Prefer", "wait=30");
  }

  private ProducerRecord<String, String> record(String value, String... headers) {
    ProducerRecord<String, String> record = record(spirit, value);
    for (int i = 0; i < headers.length; i += 2) {
      record.headers().add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }

  private void publishBothModes() {
    publish(record(envelope, "content-type", "application/cloudevents+json"));
    awaitApplied(publish(record(data, "ce_specversion", "1.0", "ce_type", TYPE, "ce_source", "/crm", "ce_id", id,
        "ce_time", "2024-05-15T15:00:01Z", "content-type", "application/json")));
  }

  @Test
  void over_HTTP_first_and_then_all_ways_again() {
    Answer stored = structured();
    assertThat(stored.status()).isEqualTo(201);
    publishBothModes();
    assertDuplicates(stored.json().get("id").asString());
  }

  @Test
  void on_the_topic_first_and_then_all_ways_again() {
    publishBothModes();
    assertDuplicates(CLIENT.get("/api/v1/events?agent_id=" + spirit).json().at("/0/id").asString());
  }

  private void assertDuplicates(String event) {
    for (Answer again : new Answer[]{structured(), binary()}) {
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.json().get("event_id").asString()).isEqualTo(event);
    }
    Answer batch = CLIENT.post("/api/v1/events/batch", "[" + envelope + "]", "Content-Type",
        "application/cloudevents-batch+json", "Prefer", "wait=30");
    assertThat(batch.json().at("/results/0/status").asInt()).isEqualTo(409);
    assertThat(batch.json().at("/results/0/event_id").asString()).isEqualTo(event);
    assertThat(rows(spirit)).isEqualTo(1);
    assertThat(CLIENT.get("/api/v1/events/" + event).json().get("occurred_at").asString())
        .isEqualTo("2024-05-15T15:00:01Z");
    assertThat(STORE.sql("SELECT count(*) FROM dead_letters WHERE agent_id = :spirit::uuid").param("spirit", spirit)
        .query(Long.class).single()).isZero();
  }
}
