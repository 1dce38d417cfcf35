package com.elephantasm.events.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedKafkaTest extends ServerTest {
  @Test
  void records_and_committed_offsets_survive_restarts_on_the_same_port() throws Exception {
    KafkaClients clients;
    try (EmbeddedKafka kafka = start(0)) {
      clients = new KafkaClients(kafka.bootstrapServers());
      clients.createTopic("events");
    }
    int port = portOf(clients.bootstrapServers());
    for (int start = 1; start <= 4; start++) {
      try (EmbeddedKafka kafka = start(port)) {
        assertThat(kafka.bootstrapServers()).isEqualTo(clients.bootstrapServers());
        clients.publish("events", "record " + start);
        assertThat(clients.consume("events", "group", "consumer")).containsExactly("record " + start);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void groups_of_both_protocols_are_served(String protocol) throws Exception {
    try (EmbeddedKafka kafka = start(0)) {
      KafkaClients clients = new KafkaClients(kafka.bootstrapServers());
      clients.createTopic("events");
      clients.publish("events", "record");
      assertThat(clients.consume("events", "group", protocol)).containsExactly("record");
    }
  }

  @Test
  void acknowledged_records_are_on_the_disk_and_kept_for_ever() throws Exception {
    try (EmbeddedKafka kafka = start(0); Admin admin = new KafkaClients(kafka.bootstrapServers()).admin()) {
      ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
      Map<ConfigResource, Config> configs = admin.describeConfigs(List.of(broker)).all().get();
      assertThat(entries(configs.values())).containsEntry("log.flush.interval.messages", "1")
          .containsEntry("log.retention.ms", "-1")
          .containsEntry("log.retention.bytes", "-1")
          .containsEntry("auto.create.topics.enable", "false");
    }
  }

  private static Map<String, String> entries(Collection<Config> configs) {
    return configs.stream().flatMap(config -> config.entries().stream()).filter(entry -> entry.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  @Test
  void a_taken_port_is_refused_by_its_number() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertThatExceptionOfType(EmbeddedServerException.class).isThrownBy(() -> start(taken.getLocalPort()))
          .withMessageContaining("port " + taken.getLocalPort())
          .withMessageContaining("choose another port");
    }
    start(0).close();
  }

  @Test
  void a_folder_in_use_is_refused_with_the_process_that_uses_it() {
    try (EmbeddedKafka kafka = start(0)) {
      assertThat(kafka.bootstrapServers()).isNotEmpty();
      assertThatExceptionOfType(EmbeddedServerException.class).isThrownBy(() -> start(0))
          .withMessageContaining(data().toString())
          .withMessageContaining("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void a_folder_of_something_else_is_refused_and_left_as_it_is() throws Exception {
    Path file = Files.createDirectories(data()).resolve("letter.txt");
    Files.writeString(file, "Dear Kafka");
    assertThatExceptionOfType(EmbeddedServerException.class).isThrownBy(() -> start(0))
        .withMessageContaining("choose another folder");
    assertThat(file).hasContent("Dear Kafka");
  }

  @Test
  void a_first_start_that_was_cut_short_is_begun_again() throws Exception {
    Files.writeString(Files.createDirectories(data()).resolve("meta.properties"), "half a li");
    Files.writeString(folder.resolve("kafka.initializing"), "");
    start(0).close();
    assertThat(data().resolve("meta.properties")).content().contains("cluster.id=");
  }

  @Test
  void a_broker_that_gives_up_leaves_its_process_alive_and_says_so() {
    try (EmbeddedKafka kafka = start(0)) {
      assertThatExceptionOfType(EmbeddedServerException.class).isThrownBy(() -> Exit.halt(1, "the disk is gone"))
          .withMessageContaining("the disk is gone");
      assertThat(kafka.end()).isCompletedExceptionally();
    }
    start(0).close();
  }

  @Test
  void both_servers_start_side_by_side() {
    CompletableFuture<EmbeddedKafka> kafka = CompletableFuture.supplyAsync(EmbeddedKafka::start);
    CompletableFuture<EmbeddedPostgres> postgres = CompletableFuture.supplyAsync(EmbeddedPostgres::start);
    kafka.join().close();
    postgres.join().close();
  }

  private EmbeddedKafka start(int port) {
    return EmbeddedKafka.start(new EmbeddedKafka.Settings(data(), port));
  }

  private Path data() {
    return folder.resolve("kafka");
  }

  private static int portOf(String bootstrapServers) {
    return Integer.parseInt(bootstrapServers.substring(bootstrapServers.indexOf(':') + 1));
  }
}
