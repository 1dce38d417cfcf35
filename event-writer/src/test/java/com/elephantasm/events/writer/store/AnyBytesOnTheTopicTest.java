package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import com.elephantasm.events.writer.store.Fates.Fate;
import com.elephantasm.events.writer.store.HostileRecords.Hostile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A writer that is a process of its own, with little memory, and a topic full of damaged records. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnyBytesOnTheTopicTest {
  private static final String TOPIC = "elephantasm.events";
  private static final int PARTITIONS = 3;
  private static final int RECORDS = 100_000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Pattern USED = Pattern.compile("total [0-9]+K, used ([0-9]+)K");

  /** How much of the heap is in use after a collection of all garbage, when so many records were applied. */
  private record Sample(long applied, long kilobytes) {}

  @Test
  @Tag("long")
  void a_hundred_thousand_damaged_records_all_end_as_a_row_or_a_dead_letter_in_memory_that_stays_flat(
      @TempDir Path folder) throws Exception {
    try (TestPostgres postgres = TestPostgres.start();
        TestKafka kafka = TestKafka.start();
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
      List<ReceivedRecord> records = publish(kafka);
      Instant start = Instant.now();
      Process writer = startWriter(kafka, postgres, folder.resolve("writer.log"));
      try {
        JdbcClient jdbc = JdbcClient.create(
            new DriverManagerDataSource(postgres.jdbcUrl(), postgres.username(), postgres.password()));
        List<Sample> samples = new ArrayList<>();
        // The writer makes the tables.
        await().atMost(PATIENCE).ignoreExceptions().until(() -> applied(jdbc) > 0);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
          long applied = applied(jdbc);
          samples.add(new Sample(applied, heapInUse(writer)));
          return applied == RECORDS;
        });
        await().atMost(PATIENCE).until(() -> committed(admin) == RECORDS);
        Duration time = Duration.between(start, Instant.now());
        samples.add(new Sample(RECORDS, heapInUse(writer)));

        assertThat(writer.isAlive()).isTrue();
        assertThat(Files.readString(folder.resolve("writer.log"))).doesNotContain("OutOfMemoryError", "Cannot store");
        requireFates(records, jdbc);
        requireFlatMemory(samples, time, writer);
      } finally {
        writer.destroyForcibly();
      }
    }
  }

  private static List<ReceivedRecord> publish(TestKafka kafka) throws Exception {
    HostileRecords hostile = new HostileRecords(Seeds.first());
    Instant time = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    List<ReceivedRecord> records = new ArrayList<>();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 20), new ByteArraySerializer(),
        new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        Hostile next = hostile.next();
        // A name that is no text never gets through Kafka's own client.
        List<RecordHeader> received = next.headers().stream().map(header -> new RecordHeader(
            new String(header.name().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8), header.value()))
            .toList();
        RecordHeaders headers = new RecordHeaders();
        received.forEach(header -> headers.add(header.name(), header.value()));
        sent.add(
            producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, time.toEpochMilli(), next.key(), next.value(),
                headers)));
        records.add(new ReceivedRecord(new RecordPosition(TOPIC, i % PARTITIONS, i / PARTITIONS), time, next.key(),
            received, next.value()));
      }
    }
    for (int i = 0; i < RECORDS; i++) {
      assertThat(sent.get(i).get().offset()).isEqualTo(records.get(i).position().offset());
    }
    return records;
  }

  private static Process startWriter(TestKafka kafka, TestPostgres postgres, Path log) throws IOException {
    return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
        WriterApplication.class.getName(), "--server.port=0",
        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(), "--spring.datasource.url=" + postgres.jdbcUrl())
        .redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static long applied(JdbcClient jdbc) {
    return jdbc.sql("SELECT coalesce(sum(next_offset), 0) FROM log_partitions").query(Long.class).single();
  }

  private static long committed(Admin admin) throws Exception {
    return admin.listConsumerGroupOffsets("elephantasm-event-writer").partitionsToOffsetAndMetadata().get().values()
        .stream().mapToLong(OffsetAndMetadata::offset).sum();
  }

  private static void requireFates(List<ReceivedRecord> records, JdbcClient jdbc) {
    Map<String, Long> reasons = jdbc.sql("SELECT reason, sum(occurrences) FROM dead_letters GROUP BY reason")
        .query((row, _) -> Map.entry(row.getString(1), row.getLong(2))).list().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      int number = jdbc.sql("SELECT id FROM log_partitions WHERE partition = :partition").param("partition", partition)
          .query(Integer.class).single();
      Fates stored = new Fates(jdbc, number);
      for (ReceivedRecord record : records) {
        if (record.position().partition() == partition) {
          fates.merge(stored.of(LogEntry.of(number, record)), 1, Integer::sum);
        }
      }
    }
    System.out.printf("%d records: %s; dead letters by reason: %s%n", records.size(), fates, reasons);
    assertThat(fates).doesNotContainKey(Fate.NOTHING).containsEntry(Fate.DEAD_LETTER,
        reasons.values().stream().mapToInt(Long::intValue).sum());
    assertThat(reasons).doesNotContainKey("refused");
  }

  private static void requireFlatMemory(List<Sample> samples, Duration time, Process writer) throws IOException {
    double first = average(samples, 0, RECORDS / 3);
    double last = average(samples, RECORDS * 2 / 3, RECORDS);
    System.out.printf("%d s; heap in use after a full collection: %.1f MB in the first third, %.1f MB in the last%s%n",
        time.toSeconds(), first / 1024, last / 1024, peak(writer));
    assertThat(last / first).as("of %s", samples).isLessThan(1.25);
  }

  private static double average(List<Sample> samples, long from, long to) {
    return samples.stream().filter(sample -> sample.applied() > from && sample.applied() <= to)
        .mapToLong(Sample::kilobytes).average().orElseThrow();
  }

  private static String peak(Process writer) throws IOException {
    Path status = Path.of("/proc/" + writer.pid() + "/status");
    return Files.exists(status)
        ? Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).findFirst()
            .map(line -> "; " + line)
            .orElse("")
        : "";
  }

  private static long heapInUse(Process writer) throws IOException, InterruptedException {
    jcmd(writer, "GC.run");
    Matcher used = USED.matcher(jcmd(writer, "GC.heap_info"));
    long kilobytes = 0;
    while (used.find()) {
      kilobytes += Long.parseLong(used.group(1));
    }
    assertThat(kilobytes).isPositive();
    return kilobytes;
  }

  private static String jcmd(Process writer, String command) throws IOException, InterruptedException {
    Process jcmd = new ProcessBuilder(
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "jcmd",
        Long.toString(writer.pid()), command).redirectErrorStream(true).start();
    String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jcmd.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output;
  }
}
