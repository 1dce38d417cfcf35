package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.http.access.Scope;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.SpiritId;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.util.LinkedMultiValueMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventStatusTest extends QueryIntegrationTest {
  @Autowired
  private EventStatusController controller;

  private final EventId id = EventId.of(new SpiritId(spirit), new Identity.CloudEvent("/test", "1"));

  /** The partition that the rows of these tests come from. */
  @BeforeEach
  void logPartition() {
    jdbc.sql("""
        INSERT INTO log_partitions (id, topic_id, topic, partition) OVERRIDING SYSTEM VALUE
        VALUES (1, gen_random_uuid(), 'status', 7) ON CONFLICT (id) DO UPDATE SET topic = 'status', partition = 7
        """).update();
  }

  private void reject(UUID agent, UUID subject, String reason, long offset, int occurrences, boolean waiting) {
    jdbc.sql("""
        INSERT INTO dead_letters (log_partition, first_offset, last_offset, occurrences, reason, episode, detail, agent_id,
          subject_id, waiting, record_digest, record_timestamp, record_headers)
        VALUES (1, :offset, :offset, :occurrences, :reason, 0, 'because', :agent, :subject, :waiting, gen_random_uuid(),
          now(), '[]')
        """).param("offset", offset).param("occurrences", occurrences).param("reason", reason).param("agent", agent)
        .param("subject", subject).param("waiting", waiting).update();
  }

  private void reject(String reason, long offset) {
    reject(spirit, id.value(), reason, offset, 1, false);
  }

  private JsonNode status() {
    HttpResponse<String> response = get("/api/v1/events/" + id + "/status");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json(response);
  }

  private static String position(long offset) {
    return "{\"topic\":\"status\",\"partition\":7,\"offset\":%d}".formatted(offset);
  }

  private static String rejection(String reason, long offset) {
    return """
        {"reason":"%s","detail":"because","position":%s,"occurrences":1,"waiting":false}"""
        .formatted(reason, position(offset));
  }

  private void requireStatus(String rest) {
    assertThat(status()).isEqualTo(new JsonMapper().readTree("{\"id\":\"%s\",%s}".formatted(id, rest)));
  }

  @Test
  void a_stored_event_is_told_with_the_records_that_created_and_changed_it() {
    event().id(id.value()).offset(41).insert();
    jdbc.sql("UPDATE events SET changed_offset = 43 WHERE id = :id").param("id", id.value()).update();
    requireStatus("\"status\":\"stored\",\"position\":%s,\"changed\":%s,\"is_deleted\":false".formatted(position(41),
        position(43)));
  }

  @Test
  void so_is_a_deleted_one() {
    event().id(id.value()).offset(41).deleted().insert();
    requireStatus("\"status\":\"stored\",\"position\":%s,\"changed\":%s,\"is_deleted\":true".formatted(position(41),
        position(41)));
  }

  @Test
  void records_that_were_refused_do_not_make_a_stored_event_less_stored() {
    event().id(id.value()).offset(41).insert();
    for (int offset = 50; offset < 65; offset++) {
      reject("conflict", offset);
    }
    JsonNode status = status();
    assertThat(status.get("status").asString()).isEqualTo("stored");
    assertThat(status.get("rejections").valueStream().map(each -> each.at("/position/offset").asInt()).toList())
        .containsExactly(64, 63, 62, 61, 60, 59, 58, 57, 56, 55);
    assertThat(status.get("rejections").get(0)).isEqualTo(new JsonMapper().readTree(rejection("conflict", 64)));
  }

  @Test
  void a_dead_letter_is_told_with_its_reason() {
    reject(spirit, id.value(), "unknown-spirit", 41, 3, true);
    requireStatus(
        """
        "status":"dead-lettered","reason":"unknown-spirit","detail":"because","position":%s,"occurrences":3,"waiting":true"""
            .formatted(position(41)));
  }

  @Test
  void the_last_of_many_dead_letters_decides_unless_one_waits() {
    reject("unknown-spirit", 41);
    reject("deleted-spirit", 42);
    assertThat(status().get("reason").asString()).isEqualTo("deleted-spirit");
    assertThat(status().get("rejections")).isEqualTo(new JsonMapper().readTree(
        "[" + rejection("unknown-spirit", 41) + "]"));

    reject(spirit, id.value(), "unknown-spirit", 43, 1, true);
    reject(spirit, id.value(), "unknown-spirit", 44, 1, true);
    reject("deleted-spirit", 45);
    assertThat(status().at("/position/offset").asInt()).isEqualTo(43);
    assertThat(status().get("rejections")).hasSize(4);
  }

  @Test
  void an_event_that_nothing_is_known_of_is_unknown() {
    requireStatus("\"status\":\"unknown\"");
    event().insert();
    reject(spirit, UUID.randomUUID(), "conflict", 41, 1, false);
    requireStatus("\"status\":\"unknown\"");
  }

  @Test
  void a_refused_change_does_not_say_that_there_was_an_event() {
    reject("unknown-event", 41);
    requireStatus("\"status\":\"unknown\",\"rejections\":[%s]".formatted(rejection("unknown-event", 41)));
  }

  @Test
  void a_spirit_with_the_id_of_an_event_is_another_matter() {
    reject(id.value(), id.value(), "unknown-spirit", 41, 1, false);
    requireStatus("\"status\":\"unknown\"");
  }

  @Test
  void the_events_of_other_spirits_are_unknown_to_who_may_not_see_them() {
    event().id(id.value()).insert();
    reject("conflict", 41);
    assertThat(statusFor(new SpiritId(spirit))).isInstanceOfSatisfying(EventStatus.Stored.class,
        stored -> assertThat(stored.rejections()).hasSize(1));
    // The id is none of theirs.
    assertThat(statusFor(new SpiritId(UUID.randomUUID()))).isEqualTo(unknown(id));

    // And where an id looks like one of theirs, as one of 2^32 does, the rows tell.
    SpiritId other = new SpiritId(UUID.randomUUID());
    EventId seemingly = EventId.of(other, new Identity.CloudEvent("/test", "1"));
    event().id(seemingly.value()).insert();
    reject(spirit, seemingly.value(), "conflict", 42, 1, false);
    assertThat(controller.status(seemingly, new LinkedMultiValueMap<>(), callerOf(other)))
        .isEqualTo(unknown(seemingly));
    assertThat(controller.status(seemingly, new LinkedMultiValueMap<>(), Caller.ANYONE))
        .isInstanceOf(EventStatus.Stored.class);
  }

  private EventStatus statusFor(SpiritId allowed) {
    return controller.status(id, new LinkedMultiValueMap<>(), callerOf(allowed));
  }

  private static Caller callerOf(SpiritId allowed) {
    return new Caller("test", Set.of(Scope.EVENTS_READ), Optional.of(Set.of(allowed)));
  }

  private static EventStatus unknown(EventId event) {
    return new EventStatus.Unknown(event.value(), List.of());
  }

  @Test
  void what_is_no_id_or_no_parameter_is_named() {
    assertThat(errors(get("/api/v1/events/7/status"))).containsExactly("path /id");
    assertThat(errors(get("/api/v1/events/" + id + "/status?include_deleted=true")))
        .containsExactly("query /include_deleted");
  }
}
