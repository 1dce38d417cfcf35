package com.elephantasm.events.writer.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** The whole writer on a real broker and a real database. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ChangeConsumerTest {
  private static final String TOPIC = "elephantasm.events";
  private static final String GROUP = "elephantasm-event-writer";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static TestKafka kafka;
  private static TestPostgres postgres;
  private static ConfigurableApplicationContext writer;
  private static KafkaProducer<byte[], byte[]> producer;
  private static JdbcClient jdbc;

  private final UUID spirit = UUID.randomUUID();
  private final byte[] key = bytes(spirit.toString());

  @BeforeAll
  static void start() {
    kafka = TestKafka.start();
    postgres = TestPostgres.start();
    producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
        new ByteArraySerializer(), new ByteArraySerializer());
    writer = startWriter();
    jdbc = JdbcClient.create(writer.getBean(HikariDataSource.class));
  }

  private static ConfigurableApplicationContext startWriter() {
    return new SpringApplicationBuilder(WriterApplication.class)
        .properties("spring.config.name=http,event-writer,application")
        .run("--server.port=0", "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
            "--spring.datasource.url=" + postgres.jdbcUrl(), "--elephantasm.log.partitions=3");
  }

  @AfterAll
  static void stop() {
    writer.close();
    producer.close();
    postgres.close();
    kafka.close();
  }

  @BeforeEach
  void createSpirit() {
    send("{\"id\": \"%s\", \"name\": \"Ada\"}".formatted(spirit), "ce_type", "com.elephantasm.spirit.created.v1");
  }

  @Test
  void plain_json_without_headers_is_a_new_event() {
    RecordMetadata sent = send(event("plain", "hello"));

    awaitEvents(1);
    assertThat(jdbc.sql("SELECT * FROM events WHERE agent_id = :id").param("id", spirit).query().singleRow())
        .containsEntry("content", "hello").containsEntry("dedupe_key", "plain")
        .containsEntry("created_offset", sent.offset());
  }

  @Test
  void bad_records_between_good_ones_end_as_dead_letters_with_a_reason_and_the_good_ones_are_stored() {
    UUID nobody = UUID.randomUUID();
    send(event("a", "good"));
    RecordMetadata first = send("{\"agent_id\": ");
    send(event("b", "good"));
    send(event("nul", "a\\u0000b"));
    send(event("c", "good"));
    send(event("nobody", "whose?").replace(spirit.toString(), nobody.toString()));
    send(event("d", "good"));
    send(null);
    send(event("e", "good"));
    send(event("f", "odd"), "ce_type", "com.example.something");
    send(event("g", "good"));
    send("\u00ff\u0000 not UTF-8", StandardCharsets.ISO_8859_1);
    send(event("h", "good"));

    awaitEvents(7);
    assertThat(reasons(first)).containsExactly("malformed", "invalid", "unknown-spirit", "malformed",
        "unsupported-type", "malformed");
    assertThat(jdbc.sql("SELECT record_key, record_value FROM dead_letters WHERE agent_id = :id").param("id", nobody)
        .query().singleRow()).containsEntry("record_key", key)
        .containsEntry("record_value", bytes(event("nobody", "whose?").replace(spirit.toString(), nobody.toString())));
  }

  @Test
  void headers_of_a_dead_letter_are_kept_whatever_they_hold() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("nul\u0000name", new byte[]{0, (byte) 0xFF});
    headers.add("null", null);
    RecordMetadata sent = publish(new ProducerRecord<>(TOPIC, null, key, bytes("{"), headers));

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(reasons(sent)).containsExactly("malformed"));
    assertThat(
        jdbc.sql("SELECT record_headers::text FROM dead_letters WHERE first_offset = :offset AND reason = 'malformed'")
            .param("offset", sent.offset()).query(String.class).list())
        .contains("[{\"name\":\"nul\\u0000name\",\"value\":\"AP8=\"},{\"name\":\"null\",\"value\":null}]");
  }

  @Test
  void a_record_that_the_database_refuses_is_isolated_and_those_around_it_are_stored_in_order() {
    jdbc.sql("ALTER TABLE events ADD CONSTRAINT no_poison CHECK (content <> 'poison')").update();
    try {
      RecordMetadata first = send(event("first", "good"));
      for (int i = 0; i < 40; i++) {
        send(event("k" + i, i % 13 == 5 ? "poison" : "good"));
      }
      awaitEvents(38);
      await().atMost(PATIENCE)
          .untilAsserted(() -> assertThat(reasons(first)).containsExactly("refused", "refused", "refused"));
      assertThat(jdbc.sql("SELECT content FROM events WHERE agent_id = :id").param("id", spirit).query(String.class)
          .set()).containsOnly("good");
    } finally {
      jdbc.sql("ALTER TABLE events DROP CONSTRAINT no_poison").update();
    }
  }

  @Test
  void with_the_database_away_the_writer_waits_keeps_its_partitions_and_loses_nothing() throws Exception {
    send(event("before", "good"));
    awaitEvents(1);
    int threads = writer.getBean(ConcurrentMessageListenerContainer.class).getConcurrency();
    await().atMost(PATIENCE)
        .until(() -> members().size() == threads && !members().containsValue("(topicPartitions=)"));
    Map<String, String> members = members();
    postgres.stop();
    RecordMetadata during = send(event("during", "good"));
    // As long as it takes to fail more than once: connections are refused at once, the first pauses are short.
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    postgres.restart();

    awaitEvents(2);
    assertThat(members()).isEqualTo(members);
    assertThat(reasons(during)).isEmpty();
  }

  @Test
  void a_writer_that_starts_before_the_database_can_be_stopped_and_stores_as_soon_as_it_is_there() {
    writer.close();
    postgres.stop();
    send(event("early", "good"));

    startWriter().close();
    writer = startWriter();
    jdbc = JdbcClient.create(writer.getBean(HikariDataSource.class));
    assertThat(writer.getBean(ConsumerHealthIndicator.class).health().getStatus()).isEqualTo(Status.DOWN);
    postgres.restart();

    awaitEvents(1);
    await().atMost(PATIENCE)
        .until(() -> writer.getBean(ConsumerHealthIndicator.class).health().getStatus().equals(Status.UP));
  }

  @Test
  void a_log_that_is_read_again_from_its_start_changes_no_row() throws Exception {
    for (int i = 0; i < 20; i++) {
      send(event("k" + i, "good"));
    }
    RecordMetadata last = send(event("k0", "conflict"));
    awaitEvents(20);
    await().atMost(PATIENCE).until(() -> reasons(last).contains("conflict"));
    List<String> before = versions();

    writer.close();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
      for (TopicPartition partition : committed(admin).keySet()) {
        start.put(partition, new OffsetAndMetadata(0));
      }
      admin.alterConsumerGroupOffsets(GROUP, start).all().get();
      writer = startWriter();
      jdbc = JdbcClient.create(writer.getBean(HikariDataSource.class));
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(committed(admin)).isEqualTo(reached()));
    }

    assertThat(versions()).isEqualTo(before);
  }

  @Test
  void tries_that_are_cut_short_go_back_to_the_batch() {
    RecordMetadata first = send(event("a", "good"));
    send(event("b", "good"));
    TopicPartition partition = new TopicPartition(TOPIC, first.partition());
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers()), new ByteArrayDeserializer(),
        new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, first.offset());
      ConsumerRecords<byte[], byte[]> batch = consumer.poll(PATIENCE);
      // Makes the next poll fail, which is the one between two tries.
      consumer.wakeup();

      assertThatExceptionOfType(WakeupException.class).isThrownBy(
          () -> new RetryForever(_ -> {}, _ -> {}, writer.getBean(BatchTraces.class)).handleBatch(
              new IllegalStateException("no database"), batch,
              consumer,
              writer.getBean(ConcurrentMessageListenerContainer.class), () -> {}));

      assertThat(batch.count()).isPositive();
      assertThat(consumer.position(partition)).isEqualTo(first.offset());
      assertThat(consumer.paused()).isEmpty();
    }
  }

  @Test
  void whoever_asks_learns_the_outcome_after_the_commit() {
    try (KafkaConsumer<byte[], byte[]> outcomes = new KafkaConsumer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
        new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      outcomes.assign(outcomes.partitionsFor("elephantasm.outcomes").stream()
          .map(p -> new TopicPartition(p.topic(), p.partition())).toList());
      send(event("asked", "hello"), "elephantasm_reply_to", spirit.toString(), "elephantasm_request_id", "7");

      await().atMost(PATIENCE).untilAsserted(() -> {
        for (ConsumerRecord<byte[], byte[]> record : outcomes.poll(Duration.ofMillis(100))) {
          if (spirit.toString().equals(text(record.headers().lastHeader("elephantasm_reply_to").value()))) {
            assertThat(text(record.headers().lastHeader("elephantasm_request_id").value())).isEqualTo("7");
            assertThat(text(record.value())).startsWith("{\"status\":\"stored\"").contains("\"content\":\"hello\"");
            assertThat(count()).isEqualTo(1);
            return;
          }
        }
        throw new AssertionError("no outcome yet");
      });
    }
  }

  private String event(String dedupeKey, String content) {
    return "{\"agent_id\": \"%s\", \"event_type\": \"message.in\", \"content\": \"%s\", \"dedupe_key\": \"%s\"}"
        .formatted(spirit, content, dedupeKey);
  }

  private RecordMetadata send(@Nullable String value, String... headers) {
    RecordHeaders all = new RecordHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], bytes(headers[i + 1]));
    }
    return publish(new ProducerRecord<>(TOPIC, null, key, value == null ? null : bytes(value), all));
  }

  private void send(String value, Charset charset) {
    publish(new ProducerRecord<>(TOPIC, key, value.getBytes(charset)));
  }

  private static RecordMetadata publish(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private long count() {
    return jdbc.sql("SELECT count(*) FROM events WHERE agent_id = :id").param("id", spirit).query(Long.class).single();
  }

  private void awaitEvents(long expected) {
    await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(count()).isEqualTo(expected));
  }

  /** Of the dead letters of this test's partition since a record of it. */
  private List<String> reasons(RecordMetadata since) {
    return jdbc.sql("""
        SELECT reason FROM dead_letters JOIN log_partitions ON log_partitions.id = log_partition
        WHERE partition = :partition AND first_offset >= :offset ORDER BY first_offset
        """).param("partition", since.partition()).param("offset", since.offset())
        .query((row, _) -> row.getString(1)).list();
  }

  private static List<String> versions() {
    return jdbc.sql("""
        SELECT xmin || ' ' || spirits FROM spirits UNION ALL SELECT xmin || ' ' || events FROM events
        UNION ALL SELECT xmin || ' ' || dead_letters FROM dead_letters ORDER BY 1
        """).query((row, _) -> row.getString(1)).list();
  }

  private static Map<TopicPartition, Long> committed(Admin admin) throws Exception {
    return admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  private static Map<TopicPartition, Long> reached() {
    return jdbc.sql("SELECT topic, partition, next_offset FROM log_partitions")
        .query((row, _) -> Map.entry(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3))).list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Who consumes what; a member that left and came back has another id. */
  private static Map<String, String> members() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return admin.describeConsumerGroups(List.of(GROUP)).all().get().values().stream()
          .map(ConsumerGroupDescription::members).flatMap(Collection::stream)
          .collect(Collectors.toMap(MemberDescription::consumerId, member -> member.assignment().toString()));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
