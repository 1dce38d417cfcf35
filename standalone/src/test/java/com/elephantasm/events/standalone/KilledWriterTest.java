package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.NewSpirit;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@DisplayNameGeneration(ReplaceUnderscores.class)
class KilledWriterTest {
  private static final int EVENTS = 20_000;
  private static final String TOPIC = "elephantasm.events";

  private final UUID spirit = UUID.randomUUID();

  @Test
  void a_writer_killed_twice_in_the_middle_of_a_load_stores_each_event_once() throws Exception {
    try (TestPostgres postgres = TestPostgres.start(); TestKafka kafka = TestKafka.start()) {
      JdbcClient store = StandaloneTest.store(postgres);
      try (ChildProcess writer = writer(kafka, postgres)) {
        // The first writer also makes the table and the topic.
        await().ignoreExceptions().atMost(Duration.ofMinutes(1)).until(() -> rows(store) == 0);
        publishLoad(kafka);
        await().atMost(Duration.ofMinutes(1)).until(() -> rows(store) > 0);
        writer.kill();
      }
      long before = rows(store);
      assertThat(before).isLessThan(EVENTS);
      try (ChildProcess writer = writer(kafka, postgres)) {
        await().atMost(Duration.ofMinutes(1)).until(() -> rows(store) > before);
        writer.kill();
      }
      try (ChildProcess _ = writer(kafka, postgres)) {
        await().atMost(Duration.ofMinutes(2)).until(() -> rows(store) >= EVENTS && isRead(store));
      }
      assertThat(rows(store)).isEqualTo(EVENTS);
      assertThat(store.sql("SELECT count(DISTINCT source_uri) FROM events").query(Long.class).single())
          .isEqualTo(EVENTS);
      assertThat(store.sql("SELECT count(*) FROM dead_letters").query(Long.class).single()).isZero();
    }
  }

  private static ChildProcess writer(TestKafka kafka, TestPostgres postgres) {
    return new ChildProcess(WriterApplication.class, "--server.port=0",
        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
        "--spring.datasource.url=" + postgres.jdbcUrl());
  }

  private static long rows(JdbcClient store) {
    return store.sql("SELECT count(*) FROM events").query(Long.class).single();
  }

  /** The spirit's own record and then the events, all in one partition. */
  private static boolean isRead(JdbcClient store) {
    return store.sql("SELECT coalesce(max(next_offset), 0) FROM log_partitions").query(Long.class).single() > EVENTS;
  }

  private void publishLoad(TestKafka kafka) {
    Map<String, Object> config = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers(),
        ProducerConfig.LINGER_MS_CONFIG, 20, ProducerConfig.BATCH_SIZE_CONFIG, 500_000);
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config, new ByteArraySerializer(),
        new ByteArraySerializer())) {
      producer.send(spiritCreated());
      for (int i = 0; i < EVENTS; i++) {
        producer.send(new ProducerRecord<>(TOPIC, utf8(spirit.toString()), utf8("""
            {"agent_id": "%s", "event_type": "tool.call", "content": "%d", "source_uri": "load://%d"}
            """.formatted(spirit, i, i))));
      }
    }
  }

  private ProducerRecord<byte[], byte[]> spiritCreated() {
    Change created = new Change.SpiritCreated(new SpiritId(spirit), new NewSpirit("Ada", null, Metadata.EMPTY));
    RecordToSend record = ChangeCodec.encode(created, "/test", Instant.now(), null);
    ProducerRecord<byte[], byte[]> request = new ProducerRecord<>(TOPIC, record.key(), record.value());
    record.headers().forEach(header -> request.headers().add(header.name(), header.value()));
    return request;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
