package com.elephantasm.events.writer.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.log.KafkaRecords;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.writer.replay.Bound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports and imports, with a real Kafka; each test has topics of its own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TransferTest {
  private static final TestKafka KAFKA = TestKafka.start();
  private static final Map<String, Object> SERVERS = Map.of("bootstrap.servers", KAFKA.bootstrapServers());
  private static final KafkaAccess ACCESS = new KafkaAccess(SERVERS, SERVERS, SERVERS);
  private static final int PARTITIONS = 3;
  private static final AtomicInteger TOPICS = new AtomicInteger();
  private static final long SEED = Long.getLong("tests.seed", System.nanoTime());

  @TempDir
  private Path folder;

  private final String topic = "log-" + TOPICS.incrementAndGet();
  private final String copy = topic + "-copy";

  @Test
  void what_was_exported_and_imported_is_exported_to_the_byte() throws Exception {
    Random random = new Random(SEED);
    create(topic);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      RecordHeaders headers = new RecordHeaders();
      for (int j = random.nextInt(4); j > 0; j--) {
        headers.add(random.nextBoolean() ? "same" : "Ünlike " + j, bytes(random));
      }
      records.add(new ProducerRecord<>(topic, random.nextInt(PARTITIONS), random.nextLong(0, 1L << 40), bytes(random),
          bytes(random), headers));
    }
    send(records);
    for (String name : List.of("a.ndjson", "b.ndjson.gz", "c.ndjson.zst")) {
      Path file = folder.resolve(name);
      assertThat(export(all(topic), file).records()).isEqualTo(500);
      String target = copy + name.charAt(0);
      ImportResult result = importer().fromFile(create(target, false), file, _ -> {}, () -> false);
      assertThat(result).as("seed %d", SEED).isEqualTo(new ImportResult(500, 500, 0, 0, true));
      assertThat(read(target)).as("seed %d", SEED).isEqualTo(read(topic));
    }
  }

  @Test
  void an_event_without_a_name_keeps_its_id_where_its_place_is_another() throws Exception {
    create(topic);
    send(List.of(record(0, "not an event"), event(0, "\"content\": \"no name\""),
        event(1, "\"content\": \"same place\""),
        event(0, "\"content\": \"named\", \"dedupe_key\": \"k\"")));
    Path file = folder.resolve("a.ndjson");
    export(new Exporter.Selection(topic, Set.of(), new Bound.Offsets(Map.of(0, 1L)), null, null), file);
    ImportResult result = importer().fromFile(create(copy, false), file, _ -> {}, () -> false);
    assertThat(result.marked()).isEqualTo(2);
    List<UUID> before = ids(topic);
    assertThat(before).hasSize(3);
    assertThat(ids(copy)).containsExactlyInAnyOrderElementsOf(before);
    // The copy says where they stood first, so that a copy of it does as well.
    Path second = folder.resolve("b.ndjson");
    export(all(copy), second);
    assertThat(importer().fromFile(create(copy + "2", false), second, _ -> {}, () -> false).marked()).isZero();
    assertThat(ids(copy + "2")).containsExactlyInAnyOrderElementsOf(before);
    ImportResult verbatim = importer().fromFile(create(copy + "3", true), file, _ -> {}, () -> false);
    assertThat(verbatim.identifiedByPlace()).isEqualTo(2);
    assertThat(ids(copy + "3")).isNotEqualTo(before);
  }

  @Test
  void a_truncated_export_is_refused_before_anything_is_sent() throws Exception {
    create(topic);
    send(List.of(record(0, "a"), record(1, "b"), record(2, "c")));
    Path whole = folder.resolve("whole.ndjson");
    export(all(topic), whole);
    List<String> lines = Files.readAllLines(whole);
    Path cut = folder.resolve("cut.ndjson");
    Files.write(cut, lines.subList(0, lines.size() - 1));
    assertThatThrownBy(() -> importer().fromFile(create(copy, false), cut, _ -> {}, () -> false))
        .isInstanceOf(TransferException.class).hasMessageContaining("--allow-truncated");
    assertThat(topics()).doesNotContain(copy);
    ImportRequest lenient = new ImportRequest(copy, true, null, false, false, false, true, 0);
    assertThat(importer().fromFile(lenient, cut, _ -> {}, () -> false).imported()).isEqualTo(3);
    Path gzip = folder.resolve("whole.ndjson.gz");
    export(all(topic), gzip);
    byte[] bytes = Files.readAllBytes(gzip);
    Path half = folder.resolve("half.ndjson.gz");
    Files.write(half, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> importer().fromFile(create(copy + "2", false), half, _ -> {}, () -> false))
        .hasMessageContaining("broken off");
  }

  @Test
  void a_stream_that_breaks_off_says_how_to_go_on_and_going_on_completes_it() throws Exception {
    create(topic);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      records.add(record(i % PARTITIONS, "no. " + i));
    }
    send(records);
    ByteArrayOutputStream export = new ByteArrayOutputStream();
    new Exporter(ACCESS).toStream(all(topic), export, _ -> {}, () -> false);
    List<String> lines = export.toString(UTF_8).lines().toList();
    assertThatThrownBy(() -> importer().fromStream(create(copy, false),
        stream(Stream.concat(lines.stream().limit(41), Stream.of("{\"top"))), _ -> {}, () -> false))
        .hasMessageContaining("--skip 40");
    ImportResult rest = importer().fromStream(new ImportRequest(copy, false, null, false, false, false, false, 40),
        stream(lines.stream()), _ -> {}, () -> false);
    assertThat(rest).isEqualTo(new ImportResult(60, 100, 0, 0, true));
    assertThat(read(copy)).isEqualTo(read(topic));
  }

  @Test
  void a_selection_has_what_it_selects() throws Exception {
    create(topic);
    SpiritId spirit = new SpiritId(UUID.randomUUID());
    send(List.of(at(1000, 0), at(3000, 0), at(2000, 0), at(1500, 1), new ProducerRecord<>(topic, 2,
        spirit.toString().getBytes(UTF_8), "unreadable".getBytes(UTF_8))));
    assertThat(exported(new Exporter.Selection(topic, Set.of(0, 1), new Bound.At(Instant.ofEpochMilli(1500)),
        new Bound.At(Instant.ofEpochMilli(3000)), null))).containsExactlyInAnyOrder("0@2", "1@0");
    assertThat(exported(new Exporter.Selection(topic, Set.of(0), new Bound.Offsets(Map.of(0, 1L)),
        new Bound.Offsets(Map.of(0, 2L)), null))).containsExactly("0@1");
    assertThat(exported(new Exporter.Selection(topic, Set.of(), null, null, spirit))).containsExactly("2@0");
    assertThatThrownBy(() -> exported(new Exporter.Selection(topic, Set.of(7), null, null, null)))
        .hasMessageContaining("no partition 7");
    assertThatThrownBy(() -> exported(all("nowhere"))).hasMessageContaining("nowhere");
  }

  @Test
  void a_topic_of_fewer_partitions_takes_records_by_their_keys_alone() throws Exception {
    create(topic);
    send(List.of(record(2, "a"), record(2, "b")));
    Path file = folder.resolve("a.ndjson");
    export(all(topic), file);
    assertThatThrownBy(() -> importer().fromFile(new ImportRequest(copy, true, 2, false, false, false, false, 0), file,
        _ -> {}, () -> false)).hasMessageContaining("--by-key");
    assertThat(importer().fromFile(new ImportRequest(copy, true, 2, false, true, false, false, 0), file, _ -> {},
        () -> false).imported()).isEqualTo(2);
    assertThatThrownBy(() -> importer().fromFile(new ImportRequest(copy, false, null, false, true, false, false, 0),
        file, _ -> {}, () -> false)).hasMessageContaining("--append");
  }

  private List<String> exported(Exporter.Selection selection) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Exporter(ACCESS).toStream(selection, bytes, _ -> {}, () -> false);
    List<String> positions = new ArrayList<>();
    for (String line : bytes.toString(UTF_8).lines().toList()) {
      if (ExportFormat.read(line.getBytes(UTF_8)) instanceof ExportLine.Entry entry) {
        positions.add(entry.position().partition() + "@" + entry.position().offset());
      }
    }
    return positions;
  }

  private static ByteArrayInputStream stream(Stream<String> lines) {
    return new ByteArrayInputStream(
        lines.map(line -> line + "\n").reduce("", String::concat).getBytes(UTF_8));
  }

  private static byte @Nullable [] bytes(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> "a\u0000\"\\\n\u2028\uFEFF\uFFFD\uD83D\uDC18".getBytes(UTF_8);
      case 3 -> new byte[]{(byte) 0xC0, (byte) 0x80, (byte) 0xED, (byte) 0xA0, (byte) 0x80};
      case 4 -> "{\"base64\":\"AA==\"}".getBytes(UTF_8);
      default -> {
        byte[] any = new byte[random.nextInt(1000)];
        random.nextBytes(any);
        yield any;
      }
    };
  }

  private static TransferProgress export(Exporter.Selection selection, Path file) throws IOException {
    TransferProgress done = new Exporter(ACCESS).toFile(selection, file, _ -> {}, () -> false);
    assertThat(file.resolveSibling(file.getFileName() + ".part")).doesNotExist();
    return done;
  }

  private static Importer importer() {
    return new Importer(ACCESS, Map.of("max.message.bytes", "2097152"));
  }

  private static ImportRequest create(String target, boolean verbatim) {
    return new ImportRequest(target, true, null, false, false, verbatim, false, 0);
  }

  private static Exporter.Selection all(String topic) {
    return new Exporter.Selection(topic, Set.of(), null, null, null);
  }

  private static void create(String topic) throws Exception {
    try (Admin admin = ACCESS.openAdmin()) {
      admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    }
  }

  private static Set<String> topics() throws Exception {
    try (Admin admin = ACCESS.openAdmin()) {
      return admin.listTopics().names().get();
    }
  }

  private static void send(List<ProducerRecord<byte[], byte[]>> records) {
    Map<String, Object> settings = new HashMap<>(SERVERS);
    // As of an import: the topic was created just now.
    settings.put("max.in.flight.requests.per.connection", 1);
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, new ByteArraySerializer(),
        new ByteArraySerializer())) {
      records.forEach(producer::send);
    }
  }

  private ProducerRecord<byte[], byte[]> record(int partition, String value) {
    return new ProducerRecord<>(topic, partition, "key".getBytes(UTF_8), value.getBytes(UTF_8));
  }

  private ProducerRecord<byte[], byte[]> at(long timestamp, int partition) {
    return new ProducerRecord<>(topic, partition, timestamp, null, "x".getBytes(UTF_8));
  }

  private ProducerRecord<byte[], byte[]> event(int partition, String members) {
    return record(partition, "{\"agent_id\": \"%s\", \"event_type\": \"system\", %s}"
        .formatted(new UUID(1, 2), members));
  }

  private static List<UUID> ids(String topic) {
    return records(topic).stream().map(record -> ChangeCodec.decode(KafkaRecords.received(record)))
        .map(decoded -> decoded instanceof DecodedChange.Readable(Change.EventCreated created)
            ? created.id().value()
            : null)
        .filter(java.util.Objects::nonNull).toList();
  }

  /** All that a record is but its topic, in the order of partitions and offsets. */
  private static List<String> read(String topic) {
    return records(topic).stream().map(record -> "%d %d %d %s %s %s".formatted(record.partition(), record.offset(),
        record.timestamp(), text(record.key()), text(record.value()), Stream.of(record.headers().toArray())
            .map(header -> header.key() + "=" + text(header.value())).toList()))
        .toList();
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "null" : java.util.HexFormat.of().formatHex(bytes) + ".";
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = ACCESS.openConsumer()) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        TopicPartition one = new TopicPartition(topic, partition);
        consumer.assign(List.of(one));
        consumer.seekToBeginning(List.of(one));
        long end = consumer.endOffsets(List.of(one)).getOrDefault(one, 0L);
        while (consumer.position(one) < end) {
          consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
      }
    }
    return records;
  }
}
