package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.standalone.Client.Answer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** PostgreSQL goes for minutes while the load goes on; each service is a process of its own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DatabaseAwayTest {
  private static final Duration AWAY = Duration.ofMinutes(3);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String GROUP = "elephantasm-event-writer";
  private static final int PARTITIONS = 12;
  private static final int SPIRITS = 24;
  private static final int CLIENTS = 4;

  private final Set<UUID> accepted = ConcurrentHashMap.newKeySet();
  /** And what has no answer yet. */
  private final AtomicInteger refused = new AtomicInteger();

  @Test
  @Tag("long")
  void without_PostgreSQL_for_minutes_under_load_nothing_is_refused_nobody_leaves_the_group_and_the_backlog_drains()
      throws Exception {
    TestPostgres postgres = TestPostgres.start();
    try (TestKafka kafka = TestKafka.start();
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        Service one = Service.writer(kafka, postgres);
        Service other = Service.writer(kafka, postgres);
        Service ingest = Service.ingest(kafka);
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS)) {
      for (Service service : List.of(one, other, ingest)) {
        // Nobody reads it, and a process whose output is full would stop.
        Thread.startVirtualThread(() -> service.process().remainingOutput());
        service.awaitHealthy();
      }
      await().atMost(PATIENCE).until(() -> members(admin).size() == 2 && partitions(admin) == PARTITIONS);
      startLoad(clients, ingest.client());
      JdbcClient before = StandaloneTest.store(postgres);
      await().atMost(PATIENCE).until(() -> rows(before) > 500);
      Map<String, String> members = members(admin);
      long rebalances = rebalances();

      postgres.stop();
      int acceptedBefore = accepted.size();
      await().pollDelay(AWAY).atMost(AWAY.plus(PATIENCE)).until(() -> true);
      int acceptedMeanwhile = accepted.size() - acceptedBefore;
      postgres.restart();
      Instant back = Instant.now();
      JdbcClient store = StandaloneTest.store(postgres);
      long missing = accepted.size() - rows(store);
      await().atMost(PATIENCE).until(() -> rows(store) >= acceptedBefore + acceptedMeanwhile);
      Duration drained = Duration.between(back, Instant.now());
      clients.shutdown();
      assertThat(clients.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      await().atMost(PATIENCE).until(() -> rows(store) >= accepted.size());

      System.out.printf(
          "%d events accepted, %d of them in the %d s without PostgreSQL, %d refused; %d were missing when it was back "
              + "and stored after %.1f s%n",
          accepted.size(), acceptedMeanwhile, AWAY.toSeconds(), refused.get(), missing,
          drained.toMillis() / 1000.0);
      Set<UUID> stored = new HashSet<>(store.sql("SELECT id FROM events").query(UUID.class).list());
      assertThat(stored.equals(accepted)).as("%d stored are the %d accepted", stored.size(), accepted.size()).isTrue();
      assertThat(store.sql("SELECT count(*) FROM dead_letters").query(Long.class).single()).isZero();
      assertThat(refused).hasValue(0);
      assertThat(acceptedMeanwhile).isGreaterThan(1000);
      assertThat(members(admin)).isEqualTo(members);
      assertThat(rebalances()).isEqualTo(rebalances);
      assertThat(one.process().isAlive() && other.process().isAlive()).isTrue();
    } finally {
      postgres.close();
    }
  }

  private void startLoad(ScheduledExecutorService clients, Client ingest) {
    List<String> spirits = new ArrayList<>();
    for (int i = 0; i < SPIRITS; i++) {
      spirits.add(ingest.newSpirit());
    }
    AtomicInteger number = new AtomicInteger();
    for (int i = 0; i < CLIENTS; i++) {
      clients.scheduleAtFixedRate(() -> {
        int event = number.incrementAndGet();
        refused.incrementAndGet();
        Answer answer = ingest.post("/api/v1/events", """
            {"agent_id": "%s", "event_type": "system", "content": "%d"}
            """.formatted(spirits.get(event % SPIRITS), event), "Prefer", "respond-async");
        if (answer.status() == 202) {
          accepted.add(UUID.fromString(answer.id()));
          refused.decrementAndGet();
        }
      }, i * 5L, 20, TimeUnit.MILLISECONDS);
    }
  }

  private static long rows(JdbcClient store) {
    return store.sql("SELECT count(*) FROM events").query(Long.class).single();
  }

  /** Who consumes what; a member that left and came back has another id. */
  private static Map<String, String> members(Admin admin) throws InterruptedException, ExecutionException {
    return admin.describeConsumerGroups(List.of(GROUP)).all().get().values().stream()
        .flatMap(group -> group.members().stream()).filter(member -> !member.assignment().topicPartitions().isEmpty())
        .collect(Collectors.toMap(MemberDescription::consumerId,
            member -> member.assignment().topicPartitions().toString()));
  }

  private static int partitions(Admin admin) throws InterruptedException, ExecutionException {
    return admin.describeConsumerGroups(List.of(GROUP)).all().get().values().stream()
        .flatMap(group -> group.members().stream()).mapToInt(member -> member.assignment().topicPartitions().size())
        .sum();
  }

  /** How many generations of members there were: the broker, which runs in this process, counts them. */
  private static long rebalances() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    Object count = server.getAttribute(new ObjectName("kafka.server:type=group-coordinator-metrics"),
        "group-completed-rebalance-count");
    return ((Number) count).longValue();
  }
}
