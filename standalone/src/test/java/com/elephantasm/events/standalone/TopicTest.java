package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What others publish to the topic themselves. */
class TopicTest extends StandaloneTest {
  private final String spirit = CLIENT.newSpirit();

  @Test
  void what_cannot_be_stored_is_put_aside_with_a_reason_and_its_neighbours_are_stored() {
    publish(spirit, event(spirit, "before"));
    Future<RecordMetadata> malformed = publish(spirit, "{\"agent_id\": ");
    publish(spirit, event(spirit, "between, the first"));
    Future<RecordMetadata> nul = publish(spirit, event(spirit, "a\\u0000b"));
    Future<RecordMetadata> nothing = publish(spirit, null);
    publish(spirit, event(spirit, "between, the second"));
    // Its key puts it into the same partition as the others, right between them.
    Future<RecordMetadata> unknownSpirit = publish(spirit, event(UUID.randomUUID().toString(), "nobody's"));
    Future<RecordMetadata> unknownType = publish(withType(record(spirit, event(spirit, "odd"))));
    Future<RecordMetadata> last = publish(spirit, event(spirit, "after"));
    awaitApplied(last);

    assertThat(contents()).containsExactly("before", "between, the first", "between, the second", "after");
    assertThat(reason(malformed)).isEqualTo("malformed");
    assertThat(reason(nul)).isEqualTo("invalid");
    assertThat(reason(nothing)).isEqualTo("malformed");
    assertThat(reason(unknownSpirit)).isEqualTo("unknown-spirit");
    assertThat(reason(unknownType)).isEqualTo("unsupported-type");
    assertThat(reason(last)).isNull();
  }

  private static ProducerRecord<String, String> withType(ProducerRecord<String, String> record) {
    record.headers().add("ce_specversion", "1.0".getBytes(StandardCharsets.UTF_8));
    record.headers().add("ce_type", "com.example.other.v1".getBytes(StandardCharsets.UTF_8));
    return record;
  }

  private static String event(String spirit, String content) {
    return "{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"%s\", \"session_id\": \"topic\"}"
        .formatted(spirit, content);
  }

  private List<String> contents() {
    return CLIENT.get("/api/v1/events?session_id=topic&agent_id=" + spirit).json().valueStream()
        .map(event -> event.get("content").asString()).toList();
  }

  private static @Nullable String reason(Future<RecordMetadata> record) {
    return STORE.sql("""
        SELECT reason FROM dead_letters JOIN log_partitions p ON p.id = log_partition
        WHERE topic = 'elephantasm.events' AND partition = :partition AND first_offset = :offset
        """).param("partition", get(record).partition()).param("offset", get(record).offset()).query(String.class)
        .optional().orElse(null);
  }
}
