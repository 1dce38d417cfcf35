package com.elephantasm.events.writer.transfer;

import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordPosition;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An export is NDJSON: one JSON object in each line, in UTF-8, each line ended by a line feed.
 *
 * <pre>
 * {"export":{"version":1,"topic":"elephantasm.events","partition_count":12,"partitions":[{"partition":0,"start":0,"end":7},…]}}
 * {"topic":"elephantasm.events","partition":0,"offset":0,"timestamp":"2026-01-02T03:04:05.678Z","key":"…",
 *   "headers":[{"name":"ce_type","value":"…"}],"value":"{\"name\": \"Ada\"}"}       (in one line)
 * {"end":{"records":1}}
 * </pre>
 *
 * The records of a partition come in its order; those of several partitions are mixed. A key, a value and the value of a header
 * are null where the record has none, a string where their bytes are valid UTF-8, and else <code>{"base64":"…"}</code> (RFC 4648,
 * section 4): the bytes that are read are the bytes that were written. Headers are in their order, with names that repeat. A
 * timestamp is RFC 3339 in UTC with milliseconds; a number of milliseconds since 1970 beyond the years that it can write; null
 * where the record has none. Members that are not named here are ignored.
 */
final class ExportFormat {
  private static final int VERSION = 1;
  private static final long LAST_TIMESTAMP = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
  private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
  private static final JsonFactory FACTORY = JsonFactory.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      // Bounded by the longest line.
      .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build()).build();
  private static final JsonMapper JSON = JsonMapper.builder(FACTORY)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private ExportFormat() {}

  /** A line of an export is none. */
  static final class BrokenLineException extends Exception {
    private static final long serialVersionUID = 1;

    private BrokenLineException(String message) {
      super(message);
    }
  }

  private interface Content {
    void write(JsonGenerator json);
  }

  static byte[] write(ExportLine line) {
    return switch (line) {
      case ExportLine.Start start -> line(json -> write(start, json));
      case ExportLine.Entry(ExportedRecord record) -> line(json -> write(record, json));
      case ExportLine.End(long records) -> line(json -> {
        json.writeObjectPropertyStart("end");
        json.writeNumberProperty("records", records);
        json.writeEndObject();
      });
    };
  }

  private static byte[] line(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      content.write(json);
      json.writeEndObject();
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void write(ExportLine.Start start, JsonGenerator json) {
    json.writeObjectPropertyStart("export");
    json.writeNumberProperty("version", VERSION);
    json.writeStringProperty("topic", start.topic());
    json.writeNumberProperty("partition_count", start.partitionCount());
    json.writeArrayPropertyStart("partitions");
    for (TransferProgress.Stretch stretch : start.partitions()) {
      json.writeStartObject();
      json.writeNumberProperty("partition", stretch.partition());
      json.writeNumberProperty("start", stretch.start());
      json.writeNumberProperty("end", stretch.end());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(ExportedRecord record, JsonGenerator json) {
    json.writeStringProperty("topic", record.position().topic());
    json.writeNumberProperty("partition", record.position().partition());
    json.writeNumberProperty("offset", record.position().offset());
    writeTimestamp(record.timestamp(), json);
    writeBytes("key", record.key(), json);
    json.writeArrayPropertyStart("headers");
    for (RecordHeader header : record.headers()) {
      json.writeStartObject();
      json.writeStringProperty("name", header.name());
      writeBytes("value", header.value(), json);
      json.writeEndObject();
    }
    json.writeEndArray();
    writeBytes("value", record.value(), json);
  }

  private static void writeTimestamp(@Nullable Long timestamp, JsonGenerator json) {
    if (timestamp == null) {
      json.writeNullProperty("timestamp");
    } else if (timestamp < 0 || timestamp > LAST_TIMESTAMP) {
      json.writeNumberProperty("timestamp", timestamp);
    } else {
      json.writeStringProperty("timestamp", TIMESTAMP.format(Instant.ofEpochMilli(timestamp)));
    }
  }

  private static void writeBytes(String name, byte @Nullable [] bytes, JsonGenerator json) {
    if (bytes == null) {
      json.writeNullProperty(name);
      return;
    }
    String text = text(bytes);
    if (text != null) {
      json.writeStringProperty(name, text);
    } else {
      json.writeObjectPropertyStart(name);
      json.writeStringProperty("base64", Base64.getEncoder().encodeToString(bytes));
      json.writeEndObject();
    }
  }

  /** Null where the bytes are not valid UTF-8. */
  private static @Nullable String text(byte[] bytes) {
    // The decoder that replaces is several times faster than the one that reports; text with U+FFFD in it is rare.
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') < 0) {
      return text;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  static ExportLine read(byte[] line) throws BrokenLineException {
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JacksonException e) {
      throw new BrokenLineException("is not JSON: " + e.getOriginalMessage());
    }
    if (!json.isObject()) {
      throw new BrokenLineException("is not a JSON object");
    }
    if (json.has("export")) {
      return start(json.get("export"));
    }
    if (json.has("end")) {
      return new ExportLine.End(whole(json.get("end"), "records", Long.MAX_VALUE));
    }
    return new ExportLine.Entry(record(json));
  }

  private static ExportLine.Start start(JsonNode json) throws BrokenLineException {
    long version = whole(json, "version", Long.MAX_VALUE);
    if (version != VERSION) {
      throw new BrokenLineException("is of version %d of the format; this program knows version %d"
          .formatted(version, VERSION));
    }
    List<TransferProgress.Stretch> partitions = new ArrayList<>();
    for (JsonNode each : json.path("partitions")) {
      long start = whole(each, "start", Long.MAX_VALUE);
      partitions.add(new TransferProgress.Stretch((int) whole(each, "partition", Integer.MAX_VALUE), start,
          whole(each, "end", Long.MAX_VALUE), start));
    }
    return new ExportLine.Start(text(json, "topic"), (int) whole(json, "partition_count", Integer.MAX_VALUE),
        partitions);
  }

  private static ExportedRecord record(JsonNode json) throws BrokenLineException {
    RecordPosition position = new RecordPosition(text(json, "topic"),
        (int) whole(json, "partition", Integer.MAX_VALUE), whole(json, "offset", Long.MAX_VALUE));
    List<RecordHeader> headers = new ArrayList<>();
    JsonNode given = json.path("headers");
    if (!given.isArray()) {
      throw new BrokenLineException("has no array of headers");
    }
    for (JsonNode header : given) {
      headers.add(new RecordHeader(text(header, "name"), bytes(header, "value")));
    }
    return new ExportedRecord(position, timestamp(json), bytes(json, "key"), headers, bytes(json, "value"));
  }

  private static String text(JsonNode json, String name) throws BrokenLineException {
    JsonNode member = json.path(name);
    if (!member.isString()) {
      throw new BrokenLineException("has no text in " + name);
    }
    return member.asString();
  }

  private static long whole(JsonNode json, String name, long most) throws BrokenLineException {
    JsonNode member = json.path(name);
    if (!member.isIntegralNumber() || !member.canConvertToLong() || member.asLong() < 0 || member.asLong() > most) {
      throw new BrokenLineException("has no whole number in " + name);
    }
    return member.asLong();
  }

  private static @Nullable Long timestamp(JsonNode json) throws BrokenLineException {
    JsonNode member = json.path("timestamp");
    if (member.isNull()) {
      return null;
    }
    if (member.isIntegralNumber() && member.canConvertToLong()) {
      return member.asLong();
    }
    try {
      Instant time = Instant.parse(member.asString(""));
      if (time.equals(time.truncatedTo(ChronoUnit.MILLIS))) {
        return time.toEpochMilli();
      }
    } catch (DateTimeException _) {
      // Is said below.
    }
    throw new BrokenLineException("has a timestamp that is not RFC 3339 in milliseconds");
  }

  /** A member that is left out could be a slip of the pen, and null is something else than nothing at all. */
  private static byte @Nullable [] bytes(JsonNode json, String name) throws BrokenLineException {
    JsonNode member = json.path(name);
    if (member.isNull()) {
      return null;
    }
    if (member.isString()) {
      return member.asString().getBytes(StandardCharsets.UTF_8);
    }
    if (member.path("base64").isString()) {
      try {
        return Base64.getDecoder().decode(member.get("base64").asString());
      } catch (IllegalArgumentException _) {
        throw new BrokenLineException("has no valid base64 in " + name);
      }
    }
    throw new BrokenLineException("has neither text nor base64 nor null in " + name);
  }
}
