package com.elephantasm.events.writer.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * A large log, drained by the live writer and then made a store of anew while reads and writes go on, in one run. How large:
 * {@code -Delephantasm.rebuild.events=200000}.
 */
@Tag("long")
class RebuildAtScaleTest extends RebuildIntegrationTest {
  private static final int EVENTS = Integer.getInteger("elephantasm.rebuild.events", 2_000_000);
  private static final int SPIRITS = 200;
  private static final int WRITES_PER_SECOND = 100;
  private static final int READS_PER_SECOND = 20;
  private static final Duration DAY = Duration.ofHours(5);
  /** With the names of its fields, an event of about 500 bytes. */
  private static final String CONTENT = "Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam. ".repeat(5);

  private final List<UUID> spirits = Stream.generate(UUID::randomUUID).limit(SPIRITS).toList();
  private final Queue<Future<RecordMetadata>> written = new ConcurrentLinkedQueue<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicLong seen = new AtomicLong();
  private final AtomicLong longestRead = new AtomicLong();

  @Test
  void a_large_store_is_made_anew_while_reads_and_writes_go_on() throws Exception {
    writer.close();
    spirits.forEach(RebuildIntegrationTest::createSpirit);
    for (int i = 0; i < EVENTS; i++) {
      createEvent(spirits.get(i % SPIRITS), "k" + i, CONTENT + i);
    }
    producer.flush();
    double drained = EVENTS / secondsToDrain();
    JsonNode result = rebuildUnderLoad().at("/result");
    for (Future<RecordMetadata> each : written) {
      each.get();
    }
    awaitDrained();
    assertThat(jdbc.sql("SELECT count(*) FROM events").query(Long.class).single()).isEqualTo(EVENTS + written.size());
    assertThat(reads.get()).isPositive();
    double rebuilt = result.at("/records_per_second").asDouble();
    System.out.printf(
        "%,d events: drained at %,.0f records/s; rebuilt at %,.0f records/s, %.2f times that (%.1f s loading, "
            + "%.1f s indexes), beside %,d writes and %,d reads, the longest of which took %d ms%n",
        EVENTS, drained, rebuilt,
        rebuilt / drained, result.at("/load_seconds").asDouble(), result.at("/index_seconds").asDouble(),
        written.size(),
        reads.get(), longestRead.get());
    System.out.printf("switch: writers held for %d ms, readers for %d ms%n", result.at("/writers_held_ms").asLong(),
        result.at("/readers_held_ms").asLong());
  }

  /** From the first batch on: neither the start of the service nor that of its consumers counts. */
  private static double secondsToDrain() {
    writer = startWriter();
    jdbc = JdbcClient.create(writer.getBean(HikariDataSource.class));
    await().atMost(DAY).pollInterval(Duration.ofMillis(20)).until(() -> applied() > 0);
    long applied = applied();
    long began = System.nanoTime();
    long all = ends().values().stream().mapToLong(end -> end).sum();
    await().atMost(DAY).pollInterval(Duration.ofMillis(100)).until(() -> applied() >= all);
    return (System.nanoTime() - began) / 1e9 * all / (all - applied);
  }

  private static long applied() {
    return jdbc.sql("SELECT coalesce(sum(next_offset), 0)::bigint FROM log_partitions").query(Long.class).single();
  }

  private JsonNode rebuildUnderLoad() throws Exception {
    UUID busy = spirits.getFirst();
    try (ScheduledExecutorService load = Executors.newScheduledThreadPool(3)) {
      Future<?> writing = load.scheduleAtFixedRate(
          () -> written.add(createEvent(busy, "during" + written.size(), "written meanwhile")), 0,
          TimeUnit.SECONDS.toNanos(1) / WRITES_PER_SECOND, TimeUnit.NANOSECONDS);
      Future<?> reading = load.scheduleAtFixedRate(() -> read(busy), 0, TimeUnit.SECONDS.toNanos(1) / READS_PER_SECOND,
          TimeUnit.NANOSECONDS);
      try {
        String id = startRebuild();
        await().atMost(DAY).pollInterval(Duration.ofMillis(500)).until(() -> {
          JsonNode replay = replay(id);
          assertThat(replay.at("/state").asString()).as(replay.toString()).isIn("pending", "running", "completed");
          return replay.at("/state").asString().equals("completed");
        });
        // A failed one would have ended it.
        assertThat(writing.isDone()).isFalse();
        assertThat(reading.isDone()).isFalse();
        return replay(id);
      } finally {
        writing.cancel(false);
        reading.cancel(false);
      }
    }
  }

  /** What was seen once is seen ever after. */
  private void read(UUID agent) {
    long began = System.nanoTime();
    long count = json(send("GET", "/api/v1/events/count?agent_id=" + agent, null)).at("/count").asLong();
    assertThat(count).isGreaterThanOrEqualTo(seen.getAndSet(count));
    assertThat(json(send("GET", "/api/v1/events?limit=20&agent_id=" + agent, null)).size()).isEqualTo(20);
    assertThat(json(send("GET", "/api/v1/spirits/" + agent, null)).at("/name").asString()).isEqualTo("Ada");
    longestRead.accumulateAndGet(Duration.ofNanos(System.nanoTime() - began).toMillis(), Math::max);
    reads.incrementAndGet();
  }
}
