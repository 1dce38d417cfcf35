package com.elephantasm.events.writer.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** What the writer does when something fails, line by line; one consumer reads three partitions, so whatever fails could hold up all. */
@ExtendWith(OutputCaptureExtension.class)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FailureTableTest {
  private static final String TOPIC = "elephantasm.events";
  private static final String GROUP = "elephantasm-event-writer";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static TestKafka kafka;
  private static TestPostgres postgres;
  private static ConfigurableApplicationContext writer;
  private static KafkaProducer<byte[], byte[]> producer;
  private static Admin admin;
  private static JdbcClient jdbc;

  /** One spirit in each partition. */
  private final List<UUID> spirits = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
  private Map<TopicPartition, Long> start = Map.of();

  @BeforeAll
  static void start() {
    kafka = TestKafka.start();
    postgres = TestPostgres.start();
    // Linger, so that what is sent at once is read at once.
    producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all", "linger.ms", 20),
        new ByteArraySerializer(), new ByteArraySerializer());
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    writer = startWriter();
    jdbc = JdbcClient.create(
        new DriverManagerDataSource(postgres.jdbcUrl(), TestPostgres.SUPERUSER, postgres.superuserPassword()));
  }

  private static ConfigurableApplicationContext startWriter() {
    return new SpringApplicationBuilder(WriterApplication.class)
        .initializers(context -> ((GenericApplicationContext) context).registerBean(Defects.class))
        .properties("spring.config.name=http,event-writer,application")
        .run("--server.port=0", "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
            "--spring.datasource.url=" + postgres.jdbcUrl(), "--elephantasm.log.partitions=3",
            "--elephantasm.writer.threads=1", "--spring.datasource.hikari.connection-timeout=1000");
  }

  static final class Defects implements BeanPostProcessor {
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      return bean instanceof DataSource dataSource ? new DefectiveDataSource(dataSource) : bean;
    }
  }

  @AfterAll
  static void stop() {
    writer.close();
    producer.close();
    admin.close();
    postgres.close();
    kafka.close();
  }

  @BeforeEach
  void createSpirits() {
    for (int partition = 0; partition < 3; partition++) {
      RecordHeaders headers = new RecordHeaders();
      headers.add("ce_type", bytes("com.elephantasm.spirit.created.v1"));
      result(send(partition, "{\"id\": \"%s\", \"name\": \"Ada\"}".formatted(spirits.get(partition)), headers));
    }
    awaitDrained();
    start = ends();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      read-only              | ALTER DATABASE elephantasm SET default_transaction_read_only = on | ALTER DATABASE elephantasm RESET default_transaction_read_only
      too many connections   | ALTER ROLE elephantasm CONNECTION LIMIT 0 | ALTER ROLE elephantasm CONNECTION LIMIT -1
      no connections at all  | ALTER DATABASE elephantasm ALLOW_CONNECTIONS false | ALTER DATABASE elephantasm ALLOW_CONNECTIONS true
      another password       | ALTER ROLE elephantasm PASSWORD 'another' | ALTER ROLE elephantasm PASSWORD 'elephantasm'
      missing permission     | REVOKE INSERT ON events FROM elephantasm | GRANT INSERT ON events TO elephantasm
      missing table          | ALTER TABLE events RENAME TO events_away | ALTER TABLE events_away RENAME TO events
      missing column         | ALTER TABLE events RENAME COLUMN role TO role_away | ALTER TABLE events RENAME COLUMN role_away TO role
      """)
  void what_fails_for_all_records_is_waited_for(String failure, String begin, String end, CapturedOutput output)
      throws Exception {
    Map<String, String> members = members();
    execute(begin, TERMINATE);
    try {
      send(0, event(0, "good"));
      send(1, event(1, "good"));
      send(2, event(2, "good"));
      awaitOutput(output, "Still cannot store");
    } finally {
      execute(end, TERMINATE);
    }
    awaitDrained();
    assertThat(members()).as("members and what they consume, after: " + failure).isEqualTo(members);
    assertThat(contents(0)).containsExactly("good");
    assertThat(contents(1)).containsExactly("good");
    assertThat(contents(2)).containsExactly("good");
    assertThat(letters()).isEmpty();
  }

  /** Locks that are held for long, by hand or by another program. */
  @ParameterizedTest
  @CsvSource({"lock_timeout", "statement_timeout"})
  void locks_of_others_are_waited_for(String timeout, CapturedOutput output) throws Exception {
    Map<String, String> members = members();
    execute("ALTER ROLE elephantasm SET %s = '300ms'".formatted(timeout), TERMINATE);
    try (Connection other = superuser(); Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE");
      send(0, event(0, "good"));
      send(1, event(1, "good"));
      awaitOutput(output, "Still cannot store");
    }
    awaitDrained();
    execute("ALTER ROLE elephantasm RESET " + timeout, TERMINATE);

    assertThat(members()).isEqualTo(members);
    assertThat(contents(0)).containsExactly("good");
    assertThat(contents(1)).containsExactly("good");
    assertThat(letters()).isEmpty();
  }

  @Test
  void refused_records_stand_alone_in_the_dead_letters_and_their_neighbours_in_all_partitions_are_stored_in_order()
      throws Exception {
    try (Trigger _ = new Trigger("events", "NEW.content LIKE 'poison%'",
        "RAISE EXCEPTION 'no poison' USING ERRCODE = '22003'")) {
      List<List<String>> expected = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      pauseWhile(() -> {
        for (int i = 0; i < 30; i++) {
          for (int partition = 0; partition < 3; partition++) {
            boolean poison = i == 0 && partition == 0 || i == 29 && partition == 2 || i % 11 == 5 && partition == 1;
            String content = (poison ? "poison " : "good ") + i;
            send(partition, event(partition, content));
            if (!poison) {
              expected.get(partition).add(content);
            }
          }
        }
      });
      awaitDrained();

      for (int partition = 0; partition < 3; partition++) {
        assertThat(contents(partition)).isEqualTo(expected.get(partition));
      }
      assertThat(letters()).hasSize(5).allSatisfy(letter -> assertThat(letter).startsWith("refused 1 ")
          .contains("22003").contains("no poison"));
    }
  }

  @Test
  void an_outage_in_the_middle_of_isolating_changes_nothing_but_the_time() throws Exception {
    execute("CREATE SEQUENCE outages");
    try (
        Trigger _ = new Trigger("events", "NEW.content LIKE 'poison%'",
            "RAISE EXCEPTION 'no poison' USING ERRCODE = '22003'");
        Trigger _ = new Trigger("dead_letters", "true",
            "IF nextval('outages') % 2 = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid(), 1000); END IF")) {
      pauseWhile(() -> {
        for (int i = 0; i < 20; i++) {
          send(1, event(1, (i % 6 == 3 ? "poison " : "good ") + i));
        }
      });
      awaitDrained();

      assertThat(contents(1)).hasSize(17).allSatisfy(content -> assertThat(content).startsWith("good"));
      assertThat(letters()).hasSize(3).allSatisfy(letter -> assertThat(letter).startsWith("refused 1 "));
    } finally {
      execute("DROP SEQUENCE outages");
    }
  }

  @Test
  void partitions_that_fail_in_turn_neither_hold_up_the_others_nor_lose_anything(CapturedOutput output)
      throws Exception {
    Map<String, String> members = members();
    execute("CREATE TABLE stuck (content text)");
    try (Trigger _ = new Trigger("events", "NEW.content LIKE 'stuck%'",
        "IF EXISTS (SELECT FROM stuck WHERE content = NEW.content) THEN RAISE EXCEPTION 'locked' USING ERRCODE = '55P03'; END IF")) {
      execute("GRANT SELECT ON stuck TO elephantasm", "INSERT INTO stuck VALUES ('stuck 0'), ('stuck 1')");
      send(0, event(0, "stuck 0"));
      send(0, event(0, "after"));
      awaitOutput(output, "Still cannot store");
      for (int round = 0; round < 5; round++) {
        send(1, event(1, "good " + round));
        send(2, event(2, "good " + round));
        int stored = round + 1;
        await().atMost(PATIENCE).until(() -> contents(1).size() == stored && contents(2).size() == stored);
      }
      assertThat(contents(0)).isEmpty();

      send(1, event(1, "stuck 1"));
      send(1, event(1, "after"));
      awaitOutput(output, "Still cannot store the records of [%s-1]".formatted(TOPIC));
      execute("DELETE FROM stuck WHERE content = 'stuck 0'");
      await().atMost(PATIENCE).until(() -> contents(0).equals(List.of("stuck 0", "after")));
      send(0, event(0, "more"));
      await().atMost(PATIENCE).until(() -> contents(0).size() == 3);
      assertThat(contents(1)).hasSize(5);

      execute("DELETE FROM stuck");
      awaitDrained();
      assertThat(contents(1)).hasSize(7).endsWith("stuck 1", "after");
      assertThat(letters()).isEmpty();
      assertThat(members()).isEqualTo(members);
    } finally {
      execute("DROP TABLE stuck");
    }
  }

  @Test
  void a_record_that_the_writer_fails_to_apply_is_tried_and_then_put_aside_and_the_rest_is_stored() {
    pauseWhile(() -> {
      send(0, event(0, "before"));
      send(0, event(0, DefectiveDataSource.DEFECT));
      send(0, event(0, "after"));
      send(1, event(1, "beside"));
    });
    awaitDrained();

    assertThat(contents(0)).containsExactly("before", "after");
    assertThat(contents(1)).containsExactly("beside");
    assertThat(letters()).singleElement().asString().startsWith("refused 1 ").contains("a defect");
  }

  @Test
  void an_error_such_as_of_memory_skips_nothing_and_does_not_end_the_consumer() throws Exception {
    Map<String, String> members = members();
    DefectiveDataSource.ERRORS_TO_COME.set(3);
    pauseWhile(() -> {
      send(0, event(0, "before"));
      send(0, event(0, DefectiveDataSource.ERROR));
      send(0, event(0, "after"));
    });
    awaitDrained();

    assertThat(contents(0)).containsExactly("before", DefectiveDataSource.ERROR, "after");
    assertThat(letters()).isEmpty();
    assertThat(members().values()).containsExactlyElementsOf(members.values());
  }

  @Test
  void a_writer_that_is_stopped_while_it_cannot_store_stops_at_once_and_loses_nothing(CapturedOutput output)
      throws Exception {
    try (Trigger _ = new Trigger("events", "NEW.content LIKE 'stuck%'",
        "RAISE EXCEPTION 'locked' USING ERRCODE = '55P03'")) {
      send(0, event(0, "stuck 0"));
      send(1, event(1, "good"));
      awaitOutput(output, "Still cannot store");
      writer.close();
    }
    writer = startWriter();
    awaitDrained();

    assertThat(contents(0)).containsExactly("stuck 0");
    assertThat(contents(1)).containsExactly("good");
    assertThat(letters()).isEmpty();
  }

  @Test
  void a_writer_that_is_stopped_in_the_middle_of_isolating_isolates_the_rest_after_its_start() throws Exception {
    try (
        Trigger _ = new Trigger("events", "NEW.content LIKE 'poison%'",
            "RAISE EXCEPTION 'no poison' USING ERRCODE = '22003'");
        Trigger _ = new Trigger("dead_letters", "true", "PERFORM pg_sleep(0.1)")) {
      pauseWhile(() -> {
        for (int i = 0; i < 40; i++) {
          send(0, event(0, (i % 2 == 0 ? "poison " : "good ") + i));
        }
      });
      await().atMost(PATIENCE).until(() -> letters().size() > 2);
      writer.close();
      writer = startWriter();
      awaitDrained();

      assertThat(contents(0)).hasSize(20).allSatisfy(content -> assertThat(content).startsWith("good"));
      assertThat(letters()).hasSize(20).allSatisfy(letter -> assertThat(letter).startsWith("refused 1 "));
    }
  }

  private static final String TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'elephantasm'";

  /** Something that happens before a row is inserted. */
  private static final class Trigger implements AutoCloseable {
    private static int number;
    private final String name = "fault_" + ++number;
    private final String table;

    private Trigger(String table, String when, String then) {
      this.table = table;
      execute(
          "CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN %s; RETURN NEW; END $$"
              .formatted(name, then),
          "CREATE TRIGGER %s BEFORE INSERT ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION %s()".formatted(name, table,
              when,
              name));
    }

    @Override
    public void close() {
      execute("DROP TRIGGER %s ON %s".formatted(name, table), "DROP FUNCTION " + name);
    }
  }

  private static Connection superuser() throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), TestPostgres.SUPERUSER, postgres.superuserPassword());
  }

  private static void execute(String... statements) {
    // The database may take no other connections than those of another database.
    String url = postgres.jdbcUrl();
    boolean elsewhere = statements[0].startsWith("ALTER DATABASE");
    try (
        Connection connection = DriverManager.getConnection(elsewhere ? url.replaceAll("/[^/]*$", "/postgres") : url,
            TestPostgres.SUPERUSER, postgres.superuserPassword());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is sent meanwhile comes in one poll afterwards. */
  private static void pauseWhile(Runnable work) {
    ConcurrentMessageListenerContainer<?, ?> container = writer.getBean(ConcurrentMessageListenerContainer.class);
    container.pause();
    await().atMost(PATIENCE).until(container::isContainerPaused);
    work.run();
    producer.flush();
    container.resume();
  }

  private static void awaitOutput(CapturedOutput output, String text) {
    await().atMost(PATIENCE).until(() -> output.getAll().contains(text));
  }

  private String event(int partition, String content) {
    return "{\"agent_id\": \"%s\", \"event_type\": \"message.in\", \"content\": \"%s\"}".formatted(
        spirits.get(partition),
        content);
  }

  private Future<RecordMetadata> send(int partition, String value) {
    return send(partition, value, new RecordHeaders());
  }

  private Future<RecordMetadata> send(int partition, @Nullable String value, RecordHeaders headers) {
    return producer.send(new ProducerRecord<>(TOPIC, partition, bytes(spirits.get(partition).toString()),
        value == null ? null : bytes(value), headers));
  }

  private static <T> T result(Future<T> result) {
    try {
      return result.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> contents(int partition) {
    return jdbc.sql("SELECT content FROM events WHERE agent_id = :id ORDER BY created_offset")
        .param("id", spirits.get(partition)).query((row, _) -> row.getString(1)).list();
  }

  /** Since the test began. */
  private List<String> letters() {
    List<String> letters = new ArrayList<>();
    start.forEach((partition, offset) -> letters.addAll(jdbc.sql("""
        SELECT reason || ' ' || occurrences || ' ' || detail
        FROM dead_letters JOIN log_partitions ON log_partitions.id = log_partition
        WHERE partition = :partition AND first_offset >= :offset ORDER BY first_offset
        """).param("partition", partition.partition()).param("offset", offset)
        .query((row, _) -> row.getString(1)).list()));
    return letters;
  }

  /** Whatever is in the log is stored, and the group says so. */
  private static void awaitDrained() {
    producer.flush();
    Map<TopicPartition, Long> ends = ends();
    await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(committed()).isEqualTo(ends));
  }

  private static Map<TopicPartition, Long> ends() {
    Map<TopicPartition, OffsetSpec> all = Map.of(new TopicPartition(TOPIC, 0), OffsetSpec.latest(),
        new TopicPartition(TOPIC, 1), OffsetSpec.latest(), new TopicPartition(TOPIC, 2), OffsetSpec.latest());
    return result(admin.listOffsets(all).all().toCompletionStage().toCompletableFuture()).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  private static Map<TopicPartition, Long> committed() throws Exception {
    return admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  /** Who consumes what; a member that left and came back has another id. */
  private static Map<String, String> members() throws Exception {
    return admin.describeConsumerGroups(List.of(GROUP)).all().get().values().stream()
        .map(ConsumerGroupDescription::members).flatMap(Collection::stream)
        .collect(Collectors.toMap(MemberDescription::consumerId, member -> member.assignment().toString()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
