package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.ingest.Client.Answer;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.SpiritId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class UploadTest extends IntegrationTest {
  private static final String PATH = "/api/v1/events/batch";
  private static final String NDJSON = "application/x-ndjson";
  private static final JsonMapper JSON = new JsonMapper();
  private final SpiritId spirit = StandInWriter.newSpirit();

  /** A whole event; more members begin with a comma. */
  private String event(String content, String more) {
    return "{\"agent_id\":\"%s\",\"event_type\":\"message.in\",\"content\":\"%s\"%s}\n".formatted(spirit, content,
        more);
  }

  private static LiveUpload upload(String... headers) {
    return new LiveUpload(CLIENT.port(), headers);
  }

  private List<String> published() {
    return WRITER.reads(change -> change.spiritId().equals(spirit)).stream()
        .map(read -> ((Change.EventCreated) read.change()).event().content()).toList();
  }

  private void awaitPublished(int count) {
    await().atMost(Duration.ofMinutes(1)).until(() -> published().size() >= count);
    assertThat(published()).hasSize(count);
  }

  private static List<JsonNode> lines(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo(NDJSON);
    return answer.response().body().lines().map(JSON::readTree).toList();
  }

  private static List<JsonNode> post(String body, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", NDJSON));
    return lines(CLIENT.send("POST", PATH, body, all.toArray(String[]::new)));
  }

  @Test
  void each_line_gets_its_receipt_in_order_and_the_last_one_sums_up() {
    List<JsonNode> receipts = post(event("one", "") + "oops\n" + event("two", ",\"colour\":1") + event("three", ""));
    assertThat(receipts).hasSize(5);
    assertThat(receipts.get(0).propertyNames()).containsExactly("line", "status", "id");
    assertThat(receipts.get(0).at("/status").asInt()).isEqualTo(202);
    assertThat(receipts.get(1).toString()).startsWith(
        "{\"line\":2,\"status\":400,\"type\":\"urn:elephantasm:problem:malformed-json\",\"detail\":\"");
    assertThat(receipts.get(2).at("/status").asInt()).isEqualTo(422);
    assertThat(receipts.get(2).at("/errors/0/pointer").asString()).isEqualTo("/colour");
    assertThat(receipts.get(3).at("/line").asInt()).isEqualTo(4);
    JsonNode summary = receipts.get(4).at("/summary");
    assertThat(summary.propertyNames()).containsExactly("lines", "by_status", "complete", "consistency_token");
    assertThat(summary.at("/lines").asInt()).isEqualTo(4);
    assertThat(summary.at("/by_status").toString()).isEqualTo("{\"202\":2,\"400\":1,\"422\":1}");
    assertThat(summary.at("/complete").asBoolean()).isTrue();
    awaitPublished(2);
    var read = WRITER.reads(change -> change.spiritId().equals(spirit));
    assertThat(published()).containsExactly("one", "three");
    assertThat(((Change.EventCreated) read.getFirst().change()).id())
        .hasToString(receipts.getFirst().at("/id").asString());
    ConsistencyToken token = Objects.requireNonNull(
        ConsistencyToken.decode(summary.at("/consistency_token").asString(), "elephantasm.events"));
    assertThat(token.offsets()).containsEntry(read.getLast().record().position().partition(),
        read.getLast().record().position().offset());
  }

  @Test
  void what_is_no_event_is_passed_over_where_it_says_nothing() {
    List<JsonNode> receipts = post("\uFEFF" + event("one", "").replace("\n", "\r\n") + "\r\n \t \n\n"
        + event("two", "").strip());
    assertThat(receipts).hasSize(3);
    assertThat(receipts.get(1).at("/line").asInt()).isEqualTo(5);
    assertThat(receipts.get(2).at("/summary/lines").asInt()).isEqualTo(2);
    awaitPublished(2);
  }

  @Test
  void an_upload_of_nothing_is_complete() {
    assertThat(post("").getFirst().toString())
        .isEqualTo("{\"summary\":{\"lines\":0,\"by_status\":{},\"complete\":true}}");
  }

  @Test
  void a_client_that_waits_for_each_receipt_gets_it_at_once() {
    try (LiveUpload upload = upload()) {
      for (int i = 1; i <= 20; i++) {
        upload.send(event("interactive " + i, ""));
        JsonNode receipt = Objects.requireNonNull(upload.receipt());
        assertThat(receipt.at("/line").asInt()).isEqualTo(i);
        assertThat(receipt.at("/status").asInt()).isEqualTo(202);
      }
      upload.finish();
      assertThat(upload.receipts()).singleElement().satisfies(
          summary -> assertThat(summary.at("/summary/complete").asBoolean()).isTrue());
    }
    awaitPublished(20);
  }

  @Test
  void a_client_that_expects_100_is_told_to_go_on() {
    try (LiveUpload upload = upload("Expect", "100-continue")) {
      assertThat(upload.head()).startsWith("HTTP/1.1 100");
    }
  }

  @Test
  void receipts_carry_the_final_outcome_where_the_client_waits_for_it() {
    WRITER.answer(spirit, (change, at) -> {
      Change.EventCreated created = (Change.EventCreated) change;
      return switch (created.event().content()) {
        case "duplicate" -> new Outcome.EventDuplicate(created.stored(at));
        case "conflict" -> new Outcome.Rejected(created.id().value(), RejectionReason.CONFLICT, "another payload");
        case "nobody's" -> new Outcome.Rejected(created.id().value(), RejectionReason.UNKNOWN_SPIRIT, "no spirit");
        case "silent" -> null;
        default -> new Outcome.EventStored(created.stored(at));
      };
    });
    Answer answer = CLIENT.send("POST", PATH, event("stored", "") + event("duplicate", "") + event("conflict", "")
        + event("nobody's", "") + event("invalid", ",\"role\":1") + event("silent", ""), "Content-Type", NDJSON,
        "Prefer",
        "wait=3");
    assertThat(answer.header("Preference-Applied")).isEqualTo("wait=3");
    List<JsonNode> receipts = lines(answer);
    assertThat(receipts.stream().limit(6).map(receipt -> receipt.at("/status").asInt())).containsExactly(201, 409, 409,
        404, 422, 202);
    assertThat(receipts.get(1).at("/type").asString()).isEqualTo("urn:elephantasm:problem:duplicate-event");
    assertThat(receipts.get(1).at("/event_id").asString()).hasSize(36);
    assertThat(receipts.get(2).at("/type").asString()).isEqualTo("urn:elephantasm:problem:dedupe-key-reused");
    assertThat(receipts.get(2).at("/event_id").asString()).hasSize(36);
    assertThat(receipts.get(3).at("/type").asString()).isEqualTo("urn:elephantasm:problem:unknown-spirit");
  }

  @Test
  void a_client_that_cannot_read_while_it_sends_asks_for_failures_only() {
    Answer answer = CLIENT.send("POST", PATH, event("one", "") + "{}\n" + event("three", ""), "Content-Type", NDJSON,
        "Prefer", "return=minimal, respond-async");
    assertThat(answer.header("Preference-Applied")).isEqualTo("respond-async, return=minimal");
    List<JsonNode> receipts = lines(answer);
    assertThat(receipts).hasSize(2);
    assertThat(receipts.getFirst().at("/line").asInt()).isEqualTo(2);
    assertThat(receipts.getLast().at("/summary/by_status").toString()).isEqualTo("{\"202\":2,\"422\":1}");
  }

  @Test
  void a_line_that_is_too_long_gets_its_receipt_and_the_next_is_read() {
    List<JsonNode> receipts = post(event("x".repeat(3_000_000), "") + event("short", ""));
    assertThat(receipts.get(0).at("/status").asInt()).isEqualTo(413);
    assertThat(receipts.get(0).at("/type").asString()).isEqualTo("urn:elephantasm:problem:too-large");
    assertThat(receipts.get(1).at("/line").asInt()).isEqualTo(2);
    assertThat(receipts.get(1).at("/status").asInt()).isEqualTo(202);
    awaitPublished(1);
  }

  @Test
  void blank_lines_without_end_end_the_upload() {
    List<JsonNode> receipts = post(event("one", "") + "\n".repeat(1_100_000) + event("two", ""));
    assertThat(receipts).hasSize(2);
    assertThat(receipts.getLast().at("/summary/complete").asBoolean()).isFalse();
    assertThat(receipts.getLast().at("/summary/detail").asString()).contains("blank lines");
  }

  @Test
  void a_line_that_breaks_off_is_never_published() {
    try (LiveUpload upload = upload()) {
      upload.send(event("whole", "") + event("broken", "").strip()).breakOff();
      List<JsonNode> receipts = upload.receipts();
      assertThat(receipts).hasSize(2);
      assertThat(receipts.getLast().at("/summary/complete").asBoolean()).isFalse();
      assertThat(receipts.getLast().at("/summary/detail").asString()).contains("ended too early");
    }
    assertThat(post(event("after", "")).getFirst().at("/status").asInt()).isEqualTo(202);
    awaitPublished(2);
    assertThat(published()).containsExactly("whole", "after");
  }

  @Test
  void a_chunk_that_is_none_ends_the_upload() {
    try (LiveUpload upload = upload()) {
      upload.send(event("whole", "")).sendRaw("zz\r\n");
      List<JsonNode> receipts = upload.receipts();
      assertThat(receipts).hasSize(2);
      assertThat(receipts.getLast().at("/summary/complete").asBoolean()).isFalse();
    }
    try (LiveUpload upload = upload().sendRaw("zz\r\n")) {
      assertThat(upload.head()).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void a_client_that_leaves_leaves_no_thread_behind_and_what_it_sent_in_the_log() throws Exception {
    for (int i = 0; i < 40; i++) {
      try (LiveUpload upload = upload()) {
        upload.send(event("left " + i, ""));
        assertThat(upload.receipt()).isNotNull();
        upload.send(event("half", "").substring(0, 50));
      }
    }
    awaitPublished(40);
    // More than may run at once: if the places were not given back, this would be refused.
    await().atMost(Duration.ofMinutes(1)).until(
        () -> CLIENT.send("POST", PATH, event("after", ""), "Content-Type", NDJSON).status() == 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void a_compressed_upload_is_read_as_it_comes(String coding) throws IOException {
    try (LiveUpload upload = upload("Content-Encoding", coding)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream compressed = Compressed.stream(coding, bytes)) {
        for (int i = 1; i <= 5; i++) {
          compressed.write(event("compressed " + i, "").getBytes(StandardCharsets.UTF_8));
          compressed.flush();
          upload.send(bytes.toByteArray());
          bytes.reset();
          assertThat(Objects.requireNonNull(upload.receipt()).at("/line").asInt()).isEqualTo(i);
        }
      }
      upload.send(bytes.toByteArray());
      // Another one after it, as who appends to a file does.
      upload.send(Compressed.as(coding, event("appended", ""))).finish();
      List<JsonNode> rest = upload.receipts();
      assertThat(rest).hasSize(2);
      assertThat(rest.getLast().at("/summary/complete").asBoolean()).isTrue();
    }
    awaitPublished(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void a_line_that_the_compression_cuts_off_is_never_published(String coding) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream compressed = Compressed.stream(coding, bytes)) {
      compressed.write(event("whole", "").getBytes(StandardCharsets.UTF_8));
      compressed.flush();
      compressed.write(event("broken " + UUID.randomUUID(), "").strip().getBytes(StandardCharsets.UTF_8));
    }
    byte[] body = bytes.toByteArray();
    try (LiveUpload upload = upload("Content-Encoding", coding)) {
      upload.send(Arrays.copyOf(body, body.length - 2)).finish();
      List<JsonNode> receipts = upload.receipts();
      assertThat(receipts).hasSize(2);
      assertThat(receipts.getLast().at("/summary/complete").asBoolean()).isFalse();
      assertThat(receipts.getLast().at("/summary/detail").asString()).contains("compressed body is broken");
    }
    assertThat(post(event("after", "")).getFirst().at("/status").asInt()).isEqualTo(202);
    await().atMost(Duration.ofMinutes(1)).until(() -> published().contains("after"));
    assertThat(published()).containsExactly("whole", "after");
    CLIENT.send("POST", PATH, "oops", "Content-Type", NDJSON, "Content-Encoding", coding).problem(400, "bad-request");
    CLIENT.send("POST", PATH, "oops", "Content-Type", NDJSON, "Content-Encoding", "br")
        .problem(415, "unsupported-media-type");
  }

  @ParameterizedTest
  @CsvSource({"gzip, 0, longer than", "zstd, 0, longer than", "gzip, 10, blank lines", "zstd, 32, longer than"})
  void a_bomb_ends_the_upload(String coding, byte piece, String detail) {
    byte[] pieces = new byte[1 << 20];
    Arrays.fill(pieces, piece);
    Answer answer = CLIENT.send("POST", PATH, Compressed.repeated(coding, pieces, 1024), "Content-Type", NDJSON,
        "Content-Encoding", coding);
    JsonNode summary = lines(answer).getLast().at("/summary");
    assertThat(summary.at("/complete").asBoolean()).isFalse();
    assertThat(summary.at("/detail").asString()).contains(detail);
  }

  @Test
  void a_client_that_does_not_read_its_receipts_is_not_read_until_it_does() throws Exception {
    int count = 60_000;
    String line = "{\"unknown\":\"%s\"}\n".formatted("x".repeat(2000));
    AtomicInteger sent = new AtomicInteger();
    try (LiveUpload upload = upload(); ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> sending = thread.submit(() -> {
        for (int i = 0; i < count; i++) {
          upload.send(line);
          sent.incrementAndGet();
        }
        upload.finish();
      });
      AtomicInteger before = new AtomicInteger();
      await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofSeconds(1))
          .until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());
      assertThat(sent.get()).isLessThan(count);
      assertThat(sending.isDone()).isFalse();
      for (int i = 1; i <= count; i++) {
        assertThat(Objects.requireNonNull(upload.receipt()).at("/line").asInt()).isEqualTo(i);
      }
      assertThat(Objects.requireNonNull(upload.receipt()).at("/summary/complete").asBoolean()).isTrue();
      sending.get();
    }
  }

  @Test
  void only_so_many_uploads_run_at_once_and_the_next_is_told_to_come_later() {
    List<LiveUpload> uploads = new ArrayList<>();
    try {
      for (int i = 0; i < 32; i++) {
        LiveUpload upload = upload();
        uploads.add(upload.send("{}\n"));
        assertThat(upload.receipt()).isNotNull();
      }
      Answer refused = CLIENT.send("POST", PATH, event("refused", ""), "Content-Type", NDJSON);
      refused.problem(503, "overloaded");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      uploads.forEach(upload -> assertThat(upload.finish().receipts()).hasSize(1));
      assertThat(post(event("taken", ""))).hasSize(2);
    } finally {
      uploads.forEach(LiveUpload::close);
    }
  }
}
