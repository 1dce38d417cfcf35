package com.elephantasm.events.writer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

class RedriveOutageTest extends LetterIntegrationTest {
  @Test
  void without_the_log_nothing_is_redriven_and_every_letter_is_as_it_was() {
    TestKafka kafka = TestKafka.start();
    try (ConfigurableApplicationContext writer = writer(kafka, "--elephantasm.log.delivery-timeout=1s",
        "--elephantasm.log.block-timeout=1s", "--elephantasm.log.topic=of-the-outage")) {
      try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
          Map.of("bootstrap.servers", kafka.bootstrapServers()), new ByteArraySerializer(),
          new ByteArraySerializer())) {
        for (int i = 0; i < 3; i++) {
          ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("of-the-outage", bytes(spirit.toString()),
              bytes(event("k" + i, "hello")));
          record.headers().add("elephantasm_reply_to", bytes("nobody"));
          producer.send(record);
        }
      }
      long letter = letters(3).getFirst().get("id").asLong();
      await().atMost(PATIENCE)
          .until(() -> jdbc.sql("SELECT count(*) FROM dead_letters WHERE agent_id = :id").param("id", spirit)
              .query(Long.class).single() == 3);
      kafka.close();

      Answer many = send(writer, ADMIN, "POST", LETTERS + "/redrive",
          "{\"agent_id\": \"%s\", \"dry_run\": false}".formatted(spirit)).expect(503);
      assertThat(many.text("/type")).isEqualTo("urn:elephantasm:problem:log-unavailable");
      assertThat(many.json().at("/redriven").asLong()).isZero();
      assertThat(many.json().at("/remaining").asLong()).isEqualTo(3);
      assertThat(many.response().headers().firstValue("Retry-After")).isPresent();
      send(writer, ADMIN, "POST", LETTERS + "/" + letter + "/redrive", null).expect(503);

      letters(3, "state=open");
      assertThat(read(letter).at("/redrives")).hasSize(2)
          .allSatisfy(redrive -> assertThat(redrive.get("state").asString()).isEqualTo("unpublished"));
      assertThat(post(LETTERS + "/redrive", "{\"agent_id\": \"%s\"}".formatted(spirit)).expect(200).json()
          .at("/matching").asLong()).isEqualTo(3);
    } finally {
      kafka.close();
    }
  }
}
