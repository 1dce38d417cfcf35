package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.ReplyTo;
import com.elephantasm.events.schema.SpiritId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records such as nobody would publish on purpose: valid ones that were damaged, and bytes that mean nothing. The same ones for the same seed. */
final class HostileRecords {
  /** Key, headers and value of a record, before the log gives it a place. */
  record Hostile(byte @Nullable [] key, List<RecordHeader> headers, byte @Nullable [] value) {}

  private static final List<String> TOKENS = List.of("\\ud800", "\\udc00\\ud800", "\\u0000", "\u0000", "\ud83d\ude00",
      "\\",
      "\"", "{", "}", "[", "]", ":", ",", "null", "true", "-0", "1e400", "1e-400", "9".repeat(1001), "0.1e99999999999",
      "NaN", "1".repeat(400), "\uFEFF", "\uFFFF", "\u2028", "\"a\":1,\"a\":2,", "[".repeat(1200), "{\"a\":".repeat(400),
      "\"0000-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.999999999Z\"", "\"10000-01-01T00:00:00Z\"",
      "\"+292278994-08-17T07:12:55Z\"", "\"0001-01-01T00:00:00+23:59\"", "\"2024-02-30T00:00:00Z\"", "\"\"",
      "x".repeat(300));
  private static final List<String> VALUES = List.of("null", "true", "0", "-1", "1.5", "1e-400", "\"\"", "\" \"", "[]",
      "{}",
      "\"\\u0000\"", "\"\\ud800\"", "{\"\\udfff\":\"\\u0000\"}", "\"" + "é".repeat(300) + "\"", "[[[]]]", "1e1000",
      "\"x\"",
      "\"0001-01-01T00:00:00+18:00\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"2024-05-15\"",
      "{\"a\":" + "8".repeat(900) + "}",
      "{\"a\":1e131071}", "false", "1", "0.3");
  private static final List<String> FIELDS = List.of("id", "agent_id", "event_type", "content", "meta_summary", "role",
      "author", "occurred_at", "session_id", "metadata", "source_uri", "dedupe_key", "importance_score", "name",
      "description",
      "is_deleted", "specversion", "type", "source", "data", "data_base64");
  private static final List<String> HEADERS = List.of("ce_type", "ce_id", "ce_source", "ce_time", "ce_subject",
      "ce_dataschema",
      "ce_specversion", "ce_traceparent", "content-type", "elephantasm_reply_to", "elephantasm_request_id", "\u0000",
      "",
      "ce_", "ce_data", "\ud83d");
  private static final List<String> HEADER_VALUES = List.of("com.elephantasm.spirit.created.v1",
      "com.elephantasm.spirit.amended.v1", "com.elephantasm.event.created.v1", "com.elephantasm.event.amended.v1",
      "com.example.other", "application/cloudevents+json", "application/cloudevents+json; charset=utf-16",
      "application/avro", "",
      " ", "\u0000", "1.0", "0.3", "2024-05-15T15:00:01Z", "+1000000-01-01T00:00:00Z", "/x", "http://[",
      "x".repeat(5000));

  private final Random random;

  HostileRecords(long seed) {
    this.random = new Random(seed);
  }

  /** A few, so that what is damaged still meets what is there; the last two never come by themselves. */
  static SpiritId spirit(int number) {
    return new SpiritId(new UUID(0xABCD_0000_0000_4000L, 0x8000_0000_0000_0000L + number));
  }

  static final int SPIRITS = 6;

  Hostile next() {
    if (random.nextInt(12) == 0) {
      return new Hostile(random.nextBoolean() ? null : bytes(random.nextInt(40)), headers(),
          random.nextInt(8) == 0 ? null : bytes(random.nextInt(300)));
    }
    Hostile record = valid();
    for (int damages = random.nextInt(4); damages > 0; damages--) {
      record = switch (random.nextInt(5)) {
        case 0 -> new Hostile(key(record.key()), record.headers(), record.value());
        case 1, 2 -> new Hostile(record.key(), damaged(record.headers()), record.value());
        default -> new Hostile(record.key(), record.headers(), damaged(record.value()));
      };
    }
    return record;
  }

  private Hostile valid() {
    SpiritId spirit = spirit(random.nextInt(SPIRITS));
    Change.EventCreated event = TestLog.event(spirit, "k" + random.nextInt(2000), "content " + random.nextInt(2));
    Change change = switch (random.nextInt(8)) {
      case 0 -> TestLog.spirit(spirit(random.nextInt(SPIRITS - 2)), "name " + random.nextInt(3));
      case 1, 2 -> TestLog.importance(spirit, event.id(), random.nextInt(11) / 10.0);
      default -> event;
    };
    RecordToSend record = ChangeCodec.encode(change, "/hostile", Instant.EPOCH,
        random.nextInt(4) == 0 ? new ReplyTo("nobody", "1") : null);
    return switch (random.nextInt(5)) {
      case 0 -> new Hostile(record.key(), List.of(), record.value());
      case 1 -> structured(record);
      default -> new Hostile(record.key(), record.headers().stream().map(this::withIdOfOurs).toList(), record.value());
    };
  }

  /** The codec names spirits' changes and amendments at random. */
  private RecordHeader withIdOfOurs(RecordHeader header) {
    return header.name().equals("ce_id")
        ? new RecordHeader("ce_id", Integer.toString(random.nextInt(5000)).getBytes(StandardCharsets.UTF_8))
        : header;
  }

  private static Hostile structured(RecordToSend record) {
    String type = record.headers().stream().filter(header -> header.name().equals("ce_type"))
        .map(header -> text(header.value())).findFirst().orElse("");
    String event = "{\"specversion\":\"1.0\",\"type\":\"%s\",\"source\":\"/s\",\"id\":\"%d\",\"data\":%s}".formatted(
        type,
        Arrays.hashCode(record.value()), text(record.value()));
    return new Hostile(record.key(),
        List.of(new RecordHeader("content-type", "application/cloudevents+json".getBytes(StandardCharsets.UTF_8))),
        event.getBytes(StandardCharsets.UTF_8));
  }

  private byte @Nullable [] key(byte @Nullable [] key) {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> bytes(random.nextInt(20));
      case 2 -> spirit(random.nextInt(SPIRITS)).toString().getBytes(StandardCharsets.UTF_8);
      default -> damaged(key);
    };
  }

  private List<RecordHeader> headers() {
    List<RecordHeader> headers = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      headers.add(new RecordHeader(oneOf(HEADERS), headerValue()));
    }
    return headers;
  }

  private byte @Nullable [] headerValue() {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> bytes(random.nextInt(30));
      default -> oneOf(HEADER_VALUES).getBytes(StandardCharsets.UTF_8);
    };
  }

  private List<RecordHeader> damaged(List<RecordHeader> headers) {
    List<RecordHeader> damaged = new ArrayList<>(headers);
    if (damaged.isEmpty() || random.nextInt(4) == 0) {
      damaged.addAll(headers());
      return damaged;
    }
    int at = random.nextInt(damaged.size());
    int other = random.nextInt(damaged.size());
    RecordHeader header = damaged.get(at);
    switch (random.nextInt(6)) {
      case 0 -> damaged.remove(at);
      case 1 -> damaged.add(other, header);
      case 2 -> damaged.set(at, new RecordHeader(header.name(), damaged.get(other).value()));
      case 3 -> damaged.set(at, new RecordHeader(header.name(), damaged(header.value())));
      case 4 -> damaged.set(at, new RecordHeader(oneOf(HEADERS), header.value()));
      default -> damaged.set(at, new RecordHeader(header.name(), headerValue()));
    }
    return damaged;
  }

  private byte @Nullable [] damaged(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length == 0) {
      return bytes(random.nextInt(10));
    }
    int at = random.nextInt(bytes.length);
    int end = at + 1 + random.nextInt(bytes.length - at);
    return switch (random.nextInt(8)) {
      case 0 -> flipped(bytes);
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
      case 3 -> spliced(bytes, at, end, new byte[0]);
      case 4 -> spliced(bytes, at, at, bytes(1 + random.nextInt(8)));
      case 5 -> spliced(bytes, at, at, oneOf(TOKENS).getBytes(StandardCharsets.UTF_8));
      default -> withOtherField(bytes);
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  /** A member more at the beginning, or one with another value. */
  private byte[] withOtherField(byte[] bytes) {
    String json = new String(bytes, StandardCharsets.UTF_8);
    String field = "\"" + oneOf(FIELDS) + "\":";
    int at = json.indexOf(field);
    String changed = at < 0
        ? json.replaceFirst("\\{", java.util.regex.Matcher.quoteReplacement("{" + field + oneOf(VALUES) + ","))
        : json.substring(0, at + field.length()) + oneOf(VALUES)
            + json.substring(at + field.length()).replaceFirst("^(?:\"[^\"]*\"|[^,}\"]*)", "");
    return changed.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] insert) {
    ByteArrayOutputStream spliced = new ByteArrayOutputStream(bytes.length + insert.length);
    spliced.write(bytes, 0, from);
    spliced.writeBytes(insert);
    spliced.write(bytes, to, bytes.length - to);
    return spliced.toByteArray();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private String oneOf(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
