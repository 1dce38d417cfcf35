package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.ingest.Client.Answer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RequestReadingTest extends IntegrationTest {
  private static final String PATH = "/api/v1/spirits";
  private static final String GOOD = "{\"name\":\"Ada\"}";
  private static final int LIMIT = 1024 * 1024;

  /** A spirit of so many bytes. */
  private static byte[] ofSize(int size) {
    String frame = "{\"name\":\"Ada\",\"description\":\"\"}";
    return frame.replace("\"\"", "\"" + "x".repeat(size - frame.length()) + "\"").getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{\"name\":\"Ada\"", "{\"name\":\"Ada\"} x", "{\"name\":\"Ada\"}{}",
      "{'name':'Ada'}",
      "{\"name\":\"Ada\",}", "{\"name\":NaN}", "{\"name\":\"\u0001\"}", "{\"name\":\"Ada\",\"name\":\"Eve\"}", "nul"})
  void a_body_that_is_not_JSON_is_a_400_that_says_where(String body) {
    JsonNode problem = CLIENT.send("POST", PATH, body).problem(400, "malformed-json");
    assertThat(problem.at("/errors/0/pointer").asString()).isEmpty();
    assertThat(problem.at("/errors/0/message")).isEqualTo(problem.at("/detail"));
    assertThat(problem.at("/detail").asString()).containsPattern("line 1, column \\d+");
  }

  @Test
  void a_broken_place_is_named_by_line_and_column() {
    assertThat(
        CLIENT.send("POST", PATH, "{\n  \"name\": oops\n}").problem(400, "malformed-json").at("/detail").asString())
        .contains("line 2, column");
  }

  @Test
  void bytes_that_are_not_UTF_8_are_a_400() {
    JsonNode problem = CLIENT.send("POST", PATH, "{\n\"name\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1)).problem(
        400,
        "malformed-json");
    assertThat(problem.at("/detail").asString()).isEqualTo("not valid UTF-8 (line 2, column 9)");
    CLIENT.send("POST", PATH, GOOD.getBytes(StandardCharsets.UTF_16)).problem(400, "malformed-json");
  }

  @Test
  void depth_beyond_reason_is_a_400() {
    String deep = "{\"name\":\"Ada\",\"metadata\":{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}}";
    CLIENT.send("POST", PATH, deep).problem(400, "malformed-json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "1", "\"text\"", "true"})
  void JSON_that_is_no_object_is_a_422(String body) {
    assertThat(CLIENT.send("POST", PATH, body).problem(422, "invalid").at("/errors/0/pointer").asString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/json;charset=UTF-8", "Application/JSON; charset=\"utf-8\""})
  void JSON_in_UTF_8_is_taken(String type) {
    assertThat(CLIENT.send("POST", PATH, GOOD, "Content-Type", type).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text/plain", "application/x-www-form-urlencoded", "application/json;charset=utf-16",
      "application/json;charset=nonsense", "application/merge-patch+json", "json", "*/*", "multipart/form-data"})
  void another_content_type_is_a_415(String type) {
    Answer answer = CLIENT.send("POST", PATH, GOOD, "Content-Type", type);
    answer.problem(415, "unsupported-media-type");
    assertThat(answer.header("Accept")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "deflate", "compress", "gzip, zstd", "gzip, identity", "zstd;q=1", "aws-chunked"})
  void a_content_coding_that_is_not_read_is_a_415(String coding) {
    Answer answer = CLIENT.send("POST", PATH, GOOD, "Content-Encoding", coding);
    answer.problem(415, "unsupported-media-type");
    assertThat(answer.header("Accept-Encoding")).isEqualTo("gzip, zstd, identity");
    CLIENT.send("POST", PATH, GOOD, "Content-Encoding", "gzip", "Content-Encoding", "gzip")
        .problem(415, "unsupported-media-type");
    assertThat(CLIENT.send("POST", PATH, GOOD, "Content-Encoding", "Identity").status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "zstd"})
  void a_compressed_body_is_taken_by_every_method(String coding) {
    byte[] body = Compressed.as(coding, GOOD);
    assertThat(CLIENT.send("POST", PATH, body, "Content-Encoding", coding).status()).isEqualTo(201);
    String spirit = PATH + "/" + StandInWriter.newSpirit();
    assertThat(CLIENT.send("PUT", spirit, body, "Content-Encoding", coding).status()).isEqualTo(201);
    assertThat(CLIENT.send("PATCH", spirit, body, "Content-Encoding", coding, "Prefer", "respond-async").status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void a_compressed_body_that_is_broken_is_a_400(String coding) {
    byte[] body = Compressed.as(coding, GOOD);
    for (int length = 1; length < body.length; length++) {
      CLIENT.send("POST", PATH, Arrays.copyOf(body, length), "Content-Encoding", coding).problem(400, "bad-request");
    }
    CLIENT.send("POST", PATH, Arrays.copyOf(body, body.length + 1), "Content-Encoding", coding)
        .problem(400, "bad-request");
    CLIENT.send("POST", PATH, GOOD, "Content-Encoding", coding).problem(400, "bad-request");
    CLIENT.send("POST", PATH, "", "Content-Encoding", coding).problem(400, "malformed-json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void the_limit_is_of_what_comes_out(String coding) {
    assertThat(CLIENT.send("POST", PATH, Compressed.as(coding, ofSize(LIMIT)), "Content-Encoding", coding).status())
        .isEqualTo(201);
    CLIENT.send("POST", PATH, Compressed.as(coding, ofSize(LIMIT + 1)), "Content-Encoding", coding)
        .problem(413, "too-large");
    CLIENT.send("POST", PATH, Compressed.zeros(coding, 1L << 30), "Content-Encoding", coding)
        .problem(413, "too-large");
  }

  @Test
  void a_window_that_takes_more_memory_than_the_RFC_asks_for_is_refused() {
    byte[] body = Compressed.zstdWithWindow(27, GOOD);
    JsonNode problem = CLIENT.send("POST", PATH, body, "Content-Encoding", "zstd").problem(400, "bad-request");
    assertThat(problem.at("/detail").asString()).contains("memory");
    assertThat(CLIENT.send("POST", PATH, Compressed.zstdWithWindow(23, GOOD), "Content-Encoding", "zstd").status())
        .isEqualTo(201);
  }

  @Test
  void what_never_grows_is_too_large_too() {
    byte[] empty = Compressed.as("gzip", "");
    byte[] endless = new byte[empty.length * 100_000];
    for (int i = 0; i < endless.length; i++) {
      endless[i] = empty[i % empty.length];
    }
    CLIENT.send("POST", PATH, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(endless)), "Content-Encoding",
        "gzip").problem(413, "too-large");
  }

  @Test
  void a_body_at_the_limit_is_taken_and_one_above_it_is_a_413() {
    assertThat(CLIENT.send("POST", PATH, ofSize(LIMIT)).status()).isEqualTo(201);
    CLIENT.send("POST", PATH, ofSize(LIMIT + 1)).problem(413, "too-large");
    CLIENT.send("POST", PATH, ofSize(5 * LIMIT)).problem(413, "too-large");
  }

  @Test
  void a_body_without_an_announced_length_has_the_same_limit() {
    byte[] atLimit = ofSize(LIMIT);
    byte[] above = ofSize(3 * LIMIT);
    assertThat(
        CLIENT.send("POST", PATH, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(atLimit))).status())
        .isEqualTo(201);
    CLIENT.send("POST", PATH, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(above))).problem(413,
        "too-large");
  }

  @Test
  void a_client_that_waits_for_100_never_sends_what_is_too_large() {
    String answer = CLIENT.raw("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Content-Length: 9999999\r\nExpect: 100-continue\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("urn:elephantasm:problem:too-large");
  }

  @Test
  void what_the_client_does_not_accept_is_a_406_before_anything_is_published() {
    assertThat(
        CLIENT.send("POST", PATH, GOOD, "Accept", "text/html").problem(406, "not-acceptable").at("/detail").asString())
        .contains("application/json");
    CLIENT.send("POST", PATH, GOOD, "Accept", "nonsense").problem(406, "not-acceptable");
    assertThat(CLIENT.send("POST", PATH, GOOD, "Accept", "text/html, */*;q=0.1").status()).isEqualTo(201);
  }

  @Test
  void another_method_is_a_405_that_names_those_that_there_are() {
    Answer answer = CLIENT.send("DELETE", PATH, (String) null);
    answer.problem(405, "method-not-allowed");
    assertThat(answer.header("Allow")).isEqualTo("POST");
    Answer ofOne = CLIENT.send("POST", PATH + "/" + StandInWriter.newSpirit(), GOOD);
    assertThat(String.valueOf(ofOne.header("Allow")).split(", "))
        .containsExactlyInAnyOrder("PUT", "PATCH", "DELETE");
    CLIENT.send("TRACE", PATH, (String) null).problem(405, "method-not-allowed");
    CLIENT.send("BREW", PATH, (String) null).problem(405, "method-not-allowed");
  }

  @Test
  void OPTIONS_names_the_methods_and_HEAD_is_a_GET_without_a_body() {
    Answer options = CLIENT.send("OPTIONS", PATH, (String) null);
    assertThat(options.status()).isEqualTo(200);
    assertThat(options.header("Allow")).isEqualTo("POST,OPTIONS");
    Answer head = CLIENT.send("HEAD", "/", (String) null);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.response().body()).isEmpty();
    assertThat(CLIENT.send("HEAD", PATH, (String) null).status()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/api/v1", "/api/v1/spirits/", "/error", "/api/v1/events/x/y", "/docs/nothing.js",
      "/actuator/env", "/favicon.ico", "/webjars/swagger-ui/index.html"})
  void where_there_is_nothing_is_a_404(String path) {
    CLIENT.send("GET", path, (String) null).problem(404, "not-found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /a|b HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
      "GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
      "nonsense\r\n\r\n",
      "GET /..%2f..%2f HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "POST /api/v1/spirits HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"})
  void a_request_that_is_no_HTTP_is_a_problem_too(String request) {
    assertThat(CLIENT.raw(request)).startsWith("HTTP/1.1 400").contains("Content-Type: application/problem+json",
        "\"type\":\"urn:elephantasm:problem:bad-request\"", "\"detail\":\"").doesNotContain("<html", "Tomcat");
  }

  @Test
  void headers_beyond_the_limit_are_a_problem_too() {
    assertThat(CLIENT.raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 4")
        .contains("application/problem+json").doesNotContain("<html");
  }

  @Test
  void a_body_that_ends_too_early_is_a_400() {
    assertThat(CLIENT.rawAndNoMore("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Content-Length: 100\r\n\r\n" + GOOD)).startsWith("HTTP/1.1 400").contains("ended too early");
  }

  @Test
  void a_broken_chunk_is_a_400() {
    assertThat(CLIENT.raw("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")).startsWith("HTTP/1.1 400")
        .contains("application/problem+json");
  }
}
