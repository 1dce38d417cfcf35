package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.embedded.EmbeddedKafka;
import com.elephantasm.events.embedded.EmbeddedPostgres;
import com.elephantasm.events.embedded.EmbeddedServerException;
import com.elephantasm.events.standalone.Client.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server goes and comes back while the services run on. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OutageTest {
  private final Path data;

  private final Standalone standalone;
  private final Client client;
  private final String spirit;

  OutageTest(@TempDir Path data) {
    this.data = data;
    standalone = new Standalone(new Standalone.Settings(0, 0, 0, data), List.of());
    standalone.start();
    client = new Client(standalone.url());
    spirit = client.newSpirit();
  }

  @AfterEach
  void stop() {
    standalone.close();
  }

  @Test
  void without_Kafka_a_post_is_refused_and_afterwards_taken_again() {
    int port = Integer.parseInt(standalone.kafka().bootstrapServers().replaceAll(".*:", ""));
    standalone.kafka().close();
    Answer refused = post("respond-async");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).matches("[1-9]\\d*");
    try (EmbeddedKafka _ = EmbeddedKafka.start(new EmbeddedKafka.Settings(data.resolve("kafka"), port))) {
      await().atMost(Duration.ofMinutes(1)).until(() -> post("wait=30").status() == 201);
      standalone.close();
    }
  }

  @Test
  void without_PostgreSQL_a_post_is_accepted_and_stored_afterwards() {
    int port = standalone.postgres().port();
    standalone.postgres().close();
    Answer accepted = post("wait=1");
    assertThat(accepted.status()).isEqualTo(202);
    Answer read = readAfter(accepted, "wait=1");
    assertThat(read.status()).isEqualTo(503);
    assertThat(read.json().get("type").asString()).isEqualTo("urn:elephantasm:problem:store-unavailable");
    assertThat(read.header("Retry-After")).matches("[1-9]\\d*");
    try (EmbeddedPostgres postgres = EmbeddedPostgres
        .start(new EmbeddedPostgres.Settings(data.resolve("postgres"), port))) {
      await().atMost(Duration.ofMinutes(1)).until(() -> readAfter(accepted, "wait=30").status() == 200);
      assertThat(StandaloneTest.store(postgres).sql("SELECT count(*) FROM dead_letters").query(Long.class).single())
          .isZero();
      standalone.close();
    }
  }

  @Test
  void PostgreSQL_is_started_again_where_it_ends_by_itself() throws IOException {
    String pid = Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid")).getFirst();
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    Answer accepted = post("wait=1");
    assertThat(accepted.status()).isIn(201, 202);
    awaitStored(accepted);
  }

  @Test
  void the_application_ends_where_Kafka_gives_up() {
    assertThatThrownBy(() -> Exit.halt(1)).isInstanceOf(EmbeddedServerException.class);
    assertThat(standalone.end()).isCompletedExceptionally();
  }

  private Answer post(String prefer) {
    return client.post("/api/v1/events", """
        {"agent_id": "%s", "event_type": "system", "content": "%s"}
        """.formatted(spirit, UUID.randomUUID()), "Prefer", prefer);
  }

  private Answer readAfter(Answer write, String prefer) {
    return client.send("GET", "/api/v1/events/" + write.id(), null, "Consistency-Token",
        String.valueOf(write.header("Consistency-Token")), "Prefer", prefer);
  }

  private void awaitStored(Answer accepted) {
    await().atMost(Duration.ofMinutes(1)).until(() -> client.get("/api/v1/events/" + accepted.id()).status() == 200);
  }
}
