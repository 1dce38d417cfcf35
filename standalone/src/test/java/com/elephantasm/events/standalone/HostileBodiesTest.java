package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.standalone.Client.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * JSON that breaks services, by each of the ways in: what is bad is a 4xx that says so, what is good is stored and reads back the
 * same, and the service goes on as if nothing had been.
 */
class HostileBodiesTest extends StandaloneTest {
  private static final String EVENTS = "/api/v1/events";
  private static final String BATCH = EVENTS + "/batch";
  private static final String NDJSON = "application/x-ndjson";
  private final String spirit = CLIENT.newSpirit();

  /** An event; members begin with a comma. */
  private String event(String content, String members) {
    return "{\"agent_id\":\"%s\",\"event_type\":\"message.in\",\"content\":%s%s}".formatted(spirit, content, members);
  }

  private String metadata(String value) {
    return event("\"\"", ",\"metadata\":{\"m\":" + value + "}");
  }

  private String marker() {
    return event("\"" + UUID.randomUUID() + "\"", "");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The text with some bytes in the place of an asterisk. */
  private static byte[] withBytes(String text, String hex) {
    int place = text.indexOf('*');
    return joined(utf8(text.substring(0, place)), HexFormat.of().parseHex(hex), utf8(text.substring(place + 1)));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** None has a line feed in it, so that each can be a line. */
  private Map<String, byte[]> bad() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int depth : new int[]{1001, 5_000, 100_000}) {
      texts.put("arrays " + depth + " deep", metadata("[".repeat(depth) + "]".repeat(depth)));
      texts.put("objects " + depth + " deep", metadata("{\"a\":".repeat(depth) + "1" + "}".repeat(depth)));
      texts.put("unfinished arrays " + depth + " deep", "[".repeat(depth));
    }
    texts.put("deep in an unknown field", event("\"\"", ",\"x\":" + "[".repeat(100_000) + "]".repeat(100_000)));
    texts.put("integer of 10,000 digits", metadata("9".repeat(10_000)));
    texts.put("fraction of 10,000 digits", metadata("0." + "3".repeat(10_000)));
    texts.put("score of 10,000 digits", event("\"\"", ",\"importance_score\":0." + "3".repeat(10_000)));
    texts.put("member twice", event("\"a\"", ",\"content\":\"b\""));
    texts.put("member twice, once escaped", event("\"a\"", ",\"c\\u006fntent\":\"b\""));
    texts.put("member twice in metadata", metadata("{\"a\":1,\"a\":1}"));
    texts.put("name of a million characters", event("\"\"", ",\"metadata\":{\"" + "n".repeat(1_000_000) + "\":1}"));
    for (String surrogate : new String[]{"\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud800x", "\\ud83d\\ud83d\\ude00"}) {
      texts.put("escaped surrogate " + surrogate, event("\"" + surrogate + "\"", ""));
      texts.put("escaped surrogate in metadata " + surrogate, metadata("\"" + surrogate + "\""));
      texts.put("escaped surrogate in a name " + surrogate, metadata("{\"" + surrogate + "\":1}"));
    }
    texts.put("NUL", event("\"\\u0000\"", ""));
    texts.put("NUL in metadata", metadata("[\"\\u0000\"]"));
    String whole = marker();
    for (int length : new int[]{1, 2, 10, whole.length() / 2, whole.length() - 1}) {
      texts.put("cut off after " + length, whole.substring(0, length));
    }
    for (String value : new String[]{"NaN", "Infinity", "-Infinity", "+1", "01", "1.", ".5", "0x1", "1e", "1_000",
        "tru",
        "True", "nil", "undefined", "'a'", "[1,]", "{\"a\":1,}", "{a:1}", "[1 2]", "{\"a\" 1}", "/*c*/1", "1//c", "#c",
        "\"\\x\"", "\"\\u12\"", "\"\t\"", "\"\u0001\"", "\"a", "]", "}", "[}", "\"\\ud83d\\u\""}) {
      texts.put("value " + value, metadata(value));
    }
    texts.put("two values", whole + whole);
    texts.put("something after", whole + " x");
    texts.put("array", "[" + whole + "]");
    for (String other : new String[]{"null", "true", "1", "\"text\"", "[]", "{}", "x", "-", "\\"}) {
      texts.put("no event " + other, other);
    }
    for (String content : new String[]{"null", "1", "[]", "{}", "true"}) {
      texts.put("content " + content, event(content, ""));
    }
    texts.put("larger than allowed", event("\"" + "x".repeat(1_048_576) + "\"", ""));
    Map<String, byte[]> all = new LinkedHashMap<>();
    texts.forEach((name, text) -> all.put(name, utf8(text)));
    for (String hex : new String[]{"ff", "80", "c0af", "c080", "e08080", "f0808080", "eda080", "edb080", "eda0bdedb880",
        "f4908080", "f5808080", "e282", "c3"}) {
      all.put("bytes " + hex, withBytes(event("\"*\"", ""), hex));
      all.put("bytes in metadata " + hex, withBytes(metadata("{\"*\":1}"), hex));
    }
    all.put("UTF-16", whole.getBytes(StandardCharsets.UTF_16));
    all.put("two byte order marks", joined(utf8("\uFEFF\uFEFF"), utf8(whole)));
    all.put("NUL bytes", new byte[100]);
    return all;
  }

  /** What there is of content and metadata must come back letter by letter. */
  private Map<String, String> good() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("smallest", event("\"\"", ""));
    all.put("arrays 900 deep", metadata("[".repeat(900) + "]".repeat(900)));
    all.put("objects 900 deep", metadata("{\"a\":".repeat(900) + "1" + "}".repeat(900)));
    all.put("integer of 1,000 digits", metadata("9".repeat(1000)));
    all.put("fraction of 900 digits", metadata("0." + "3".repeat(900)));
    all.put("numbers as they are written", metadata("[1.0,1e2,1E+2,-0,-0.0,1e400,12345678901234567890,0.10]"));
    all.put("names of all kinds", metadata("{\"\":1,\" \":2,\"__proto__\":3,\"a.b\":4,\"$ref\":5,\"\u2028\":6}"));
    all.put("pair of surrogates, escaped", event("\"\\ud83d\\ude00\"", ""));
    all.put("last character there is", event("\"\udbff\udfff\uffff\"", ""));
    all.put("controls, escaped", event("\"\\u0001\\t\\n\\r\\b\\f\\u007f\"", ""));
    all.put("text that looks like JSON", event("\"}],{\\\"a\\\":[\"", ""));
    all.put("text that looks like SQL", event("\"'; DROP TABLE events; --\"", ""));
    all.put("byte order mark in the text", event("\"\uFEFF\"", ""));
    all.put("escaped name", marker().replace("content", "c\\u006fntent"));
    all.put("space around", " \t" + marker() + "\t ");
    all.put("large", event("\"" + "ü".repeat(500_000) + "\"", ""));
    return all;
  }

  @Test
  void whatever_is_bad_is_a_4xx_and_the_service_goes_on() {
    bad().forEach((name, body) -> {
      Answer answer = CLIENT.sendBody("POST", EVENTS, BodyPublishers.ofByteArray(body));
      assertProblem(name, answer);
    });
    assertProblem("empty", CLIENT.post(EVENTS, ""));
    assertThat(CLIENT.post(EVENTS, marker(), "Prefer", "wait=30").status()).isEqualTo(201);
    assertThat(rows(spirit)).isEqualTo(1);
  }

  private static void assertProblem(String name, Answer answer) {
    assertThat(answer.status()).as(name).isBetween(400, 499);
    assertThat(answer.header("Content-Type")).as(name).isEqualTo("application/problem+json");
    assertThat(answer.json().get("detail").asString()).as(name).isNotBlank();
    // The answer to a large mistake is small.
    assertThat(answer.response().body().length()).as(name).isLessThan(20_000);
  }

  @Test
  void bad_lines_among_good_ones_have_their_receipts() {
    Map<String, byte[]> bad = bad();
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    bad.values().forEach(line -> lines.writeBytes(joined(line, utf8("\n" + marker() + "\n"))));
    Answer answer = CLIENT.sendBody("POST", BATCH, BodyPublishers.ofByteArray(lines.toByteArray()), "Content-Type",
        NDJSON,
        "Prefer", "wait=30");
    List<JsonNode> receipts = answer.response().body().lines().map(Client.JSON::readTree).toList();
    assertThat(receipts).hasSize(2 * bad.size() + 1);
    List<String> names = new ArrayList<>(bad.keySet());
    for (int i = 0; i < bad.size(); i++) {
      assertThat(receipts.get(2 * i).get("status").asInt()).as(names.get(i)).isBetween(400, 499);
      assertThat(receipts.get(2 * i + 1).get("status").asInt()).as("after " + names.get(i)).isEqualTo(201);
    }
    assertThat(receipts.getLast().at("/summary/complete").asBoolean()).isTrue();
    assertThat(rows(spirit)).isEqualTo(bad.size());
  }

  @Test
  void a_bad_element_is_its_own_error_or_that_of_the_whole_array() {
    int stored = 0;
    for (Map.Entry<String, byte[]> bad : bad().entrySet()) {
      byte[] body = joined(utf8("[" + marker() + ","), bad.getValue(), utf8("," + marker() + "]"));
      Answer answer = CLIENT.sendBody("POST", BATCH, BodyPublishers.ofByteArray(body), "Prefer", "wait=30");
      if (answer.status() != 207) {
        assertProblem(bad.getKey(), answer);
        continue;
      }
      List<Integer> statuses = answer.json().at("/results").valueStream().map(result -> result.get("status").asInt())
          .toList();
      assertThat(statuses).as(bad.getKey()).hasSize(3);
      assertThat(statuses.get(1)).as(bad.getKey()).isBetween(400, 499);
      assertThat(List.of(statuses.getFirst(), statuses.getLast())).as(bad.getKey()).containsOnly(201);
      stored += 2;
    }
    assertThat(rows(spirit)).isEqualTo(stored).isPositive();
  }

  @Test
  void whatever_is_good_reads_back_the_same_whichever_way_it_came() {
    good().forEach((name, body) -> {
      assertReadsBack(name, body, CLIENT.sendBody("POST", EVENTS, BodyPublishers.ofString("\uFEFF" + body), "Prefer",
          "wait=30").json().get("id"));
      assertReadsBack(name, body, CLIENT.post(BATCH, "\uFEFF[" + body + "]", "Prefer", "wait=30").json()
          .at("/results/0/id"));
      Answer lines = CLIENT.sendBody("POST", BATCH, BodyPublishers.ofString("\uFEFF" + body), "Content-Type", NDJSON,
          "Prefer", "wait=30");
      assertReadsBack(name, body, Client.JSON.readTree(lines.response().body().lines().toList().getFirst()).get("id"));
    });
  }

  private static void assertReadsBack(String name, String sent, JsonNode id) {
    assertThat(id).as(name).isNotNull();
    Answer read = CLIENT.get(EVENTS + "/" + id.asString());
    assertThat(read.status()).as(name).isEqualTo(200);
    JsonNode event = Client.JSON.readTree(sent);
    assertThat(read.json().get("content")).as(name).isEqualTo(event.get("content"));
    int metadata = sent.indexOf("\"metadata\":");
    if (metadata >= 0) {
      assertThat(read.response().body()).as(name).contains(sent.substring(metadata, sent.length() - 1));
    }
  }

  @Test
  void chunks_that_are_none_are_a_400() {
    for (String chunk : new String[]{"zz\r\n", "-1\r\n", "7fffffffffffffff\r\n", "ffffffffffffffffff\r\n",
        "5\r\n12345x",
        "2\r\n{}\r\n0\r\nbad trailer\r\n\r\n"}) {
      for (String path : new String[]{EVENTS, BATCH}) {
        assertThat(raw(path, chunk)).as(chunk).startsWith("HTTP/1.1 4").contains("application/problem+json");
      }
    }
    assertThat(CLIENT.post(EVENTS, marker(), "Prefer", "wait=30").status()).isEqualTo(201);
  }

  private static String raw(String path, String chunks) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(STANDALONE.url()).getPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(utf8("POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
          + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
