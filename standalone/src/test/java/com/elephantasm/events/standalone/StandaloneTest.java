package com.elephantasm.events.standalone;

import static org.awaitility.Awaitility.await;

import com.elephantasm.events.embedded.EmbeddedPostgres;
import com.elephantasm.events.servers.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/** The whole application in this JVM, on free ports and an empty folder. Started once, for all tests. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class StandaloneTest {
  static final Standalone STANDALONE;
  static final Client CLIENT;
  static final JdbcClient STORE;
  private static final KafkaProducer<String, String> PRODUCER;

  static {
    Path data = temporaryFolder();
    STANDALONE = new Standalone(new Standalone.Settings(0, 0, 0, data), List.of());
    STANDALONE.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      STANDALONE.close();
      delete(data);
    }));
    CLIENT = new Client(STANDALONE.url());
    STORE = store(STANDALONE.postgres());
    PRODUCER = producer(STANDALONE.kafka().bootstrapServers());
  }

  static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("elephantasm-standalone-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JdbcClient store(EmbeddedPostgres postgres) {
    return store(postgres.jdbcUrl(), postgres.username(), postgres.password());
  }

  static JdbcClient store(TestPostgres postgres) {
    return store(postgres.jdbcUrl(), postgres.username(), postgres.password());
  }

  private static JdbcClient store(String jdbcUrl, String username, String password) {
    return JdbcClient.create(new DriverManagerDataSource(jdbcUrl, username, password));
  }

  static KafkaProducer<String, String> producer(String bootstrapServers) {
    return new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
        new StringSerializer(), new StringSerializer());
  }

  /** As any client library does it: a key, a value, no headers. */
  static Future<RecordMetadata> publish(String key, @Nullable String value) {
    return PRODUCER.send(new ProducerRecord<>("elephantasm.events", key, value));
  }

  static ProducerRecord<String, String> record(String key, @Nullable String value) {
    return new ProducerRecord<>("elephantasm.events", key, value);
  }

  static Future<RecordMetadata> publish(ProducerRecord<String, String> record) {
    return PRODUCER.send(record);
  }

  /** Waits until the store has what was published and all before it in its partition. */
  static void awaitApplied(Future<RecordMetadata> published) {
    RecordMetadata record = get(published);
    await().atMost(Duration.ofMinutes(1)).until(() -> STORE.sql("""
        SELECT EXISTS (SELECT FROM log_partitions
          WHERE topic = 'elephantasm.events' AND partition = :partition AND next_offset > :offset)
        """).param("partition", record.partition()).param("offset", record.offset()).query(Boolean.class).single());
  }

  static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static long rows(String spirit) {
    return rows(STORE, spirit);
  }

  static long rows(JdbcClient store, String spirit) {
    return store.sql("SELECT count(*) FROM events WHERE agent_id = :spirit::uuid").param("spirit", spirit)
        .query(Long.class).single();
  }
}
