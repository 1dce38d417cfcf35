package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.standalone.Client.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Each service as a process of its own, the writer as two, each with a part of the log. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TwoWritersTest {
  private static final int CLIENTS = 8;
  private static final int WRITES = 1000;
  private static final int PARTITIONS = 12;
  /** How far the log and the store are is asked in a tenth of that time. */
  private static final String OFTEN = "--elephantasm.writer.stalled-after=10s";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void a_read_of_either_shows_every_write_that_it_follows_whichever_has_stored_it() throws Exception {
    try (TestPostgres postgres = TestPostgres.start();
        TestKafka kafka = TestKafka.start();
        Service one = Service.writer(kafka, postgres, OFTEN);
        Service other = Service.writer(kafka, postgres, OFTEN);
        Service ingest = Service.ingest(kafka);
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      List.of(one, other, ingest).forEach(Service::awaitHealthy);
      await().atMost(PATIENCE).untilAsserted(() -> {
        ConsumerGroupDescription group = group(admin);
        assertThat(assignments(group)).as(() -> group + health(one) + health(other)).hasSize(2).doesNotContain(Set.of())
            .flatMap(partitions -> partitions).hasSize(PARTITIONS);
      });

      await().atMost(PATIENCE)
          .untilAsserted(() -> assertThat(lagging(List.of(one, other))).hasSize(PARTITIONS).doesNotHaveDuplicates());

      List<String> spirits = spirits(ingest.client(), assignments(group(admin)));
      new FollowedWrites(ingest.client(), List.of(one.client(), other.client())).run(spirits,
          Math.ceilDiv(WRITES, spirits.size()));
    }
  }

  /** The partitions of whose lag each speaks, one after the other. */
  private static List<String> lagging(List<Service> writers) {
    return writers.stream().flatMap(writer -> Scrape.of(writer.client()).of("elephantasm_log_lag_records").stream())
        .map(sample -> sample.labels().getOrDefault("partition", "")).toList();
  }

  private static String health(Service writer) {
    return "\n" + writer.client().get("/actuator/health").response().body();
  }

  private static ConsumerGroupDescription group(Admin admin) {
    return StandaloneTest.get(admin.describeConsumerGroups(List.of("elephantasm-event-writer")).all()).values()
        .iterator().next();
  }

  /** The partitions of each consumer. */
  private static Collection<Set<Integer>> assignments(ConsumerGroupDescription group) {
    return group.members().stream()
        .map(member -> member.assignment().topicPartitions().stream().map(TopicPartition::partition)
            .collect(Collectors.toSet()))
        .toList();
  }

  /** As many as there are clients, and until each writer has one. */
  private static List<String> spirits(Client ingest, Collection<Set<Integer>> assignments) {
    List<String> spirits = new ArrayList<>();
    Set<Integer> partitions = new HashSet<>();
    while (spirits.size() < CLIENTS
        || assignments.stream().anyMatch(owned -> Collections.disjoint(owned, partitions))) {
      String spirit = UUID.randomUUID().toString();
      Answer accepted = ingest.send("PUT", "/api/v1/spirits/" + spirit, "{\"name\": \"Ada\"}", "Prefer",
          "respond-async");
      assertThat(accepted.status()).isEqualTo(202);
      spirits.add(spirit);
      partitions.add(accepted.json().at("/receipt/partition").asInt());
    }
    return spirits;
  }
}
