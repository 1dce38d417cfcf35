package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.writer.progress.StoreProgress;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Reads that wait for an event. */
class AwaitedEventsTest extends QueryIntegrationTest {
  @Autowired
  private DataSource dataSource;
  @Autowired
  private StoreProgress progress;

  private final UUID id = UUID.randomUUID();
  private final String path = "/api/v1/events/" + id;

  private CompletableFuture<HttpResponse<String>> waiting(String pathAndQuery) {
    CompletableFuture<HttpResponse<String>> read = CompletableFuture
        .supplyAsync(() -> get(pathAndQuery, "Prefer", "wait=30"));
    requireUnknown(get(path, "Prefer", "wait=1"));
    assertThat(read.isDone()).isFalse();
    return read;
  }

  private static void requireUnknown(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(404);
    assertThat(problemType(response)).isEqualTo("unknown-event");
  }

  private void requireFound(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(json(response).get("id").asString()).isEqualTo(id.toString());
    assertThat(response.headers().firstValue("Preference-Applied")).hasValue("wait=30");
  }

  @Test
  void an_event_that_comes_in_time_is_the_answer() {
    CompletableFuture<HttpResponse<String>> read = waiting(path);
    event().id(id).insert();
    requireFound(read.join());
  }

  @Test
  void one_that_does_not_is_not_there() {
    HttpResponse<String> response = get(path, "Prefer", "wait=1");
    requireUnknown(response);
    assertThat(response.headers().firstValue("Preference-Applied")).hasValue("wait=1");
  }

  @Test
  void without_the_preference_nothing_is_waited_for() {
    requireUnknown(get(path));
    HttpResponse<String> async = get(path, "Prefer", "respond-async");
    requireUnknown(async);
    assertThat(async.headers().firstValue("Preference-Applied")).isEmpty();
  }

  @Test
  void a_deleted_event_is_there_only_for_who_wants_to_see_such() {
    event().id(id).deleted().insert();
    requireFound(get(path + "?include_deleted=true", "Prefer", "wait=30"));
    CompletableFuture<HttpResponse<String>> read = waiting(path);
    jdbc.sql("UPDATE events SET is_deleted = false WHERE id = :id").param("id", id).update();
    requireFound(read.join());
  }

  @Test
  void who_waits_does_not_ask_the_database() {
    AtomicInteger transactions = new AtomicInteger();
    DataSource counting = new DelegatingDataSource(dataSource) {
      @Override
      public Connection getConnection() throws SQLException {
        transactions.incrementAndGet();
        return super.getConnection();
      }
    };
    JdbcClient client = JdbcClient.create(counting);
    AwaitedEvents awaited = new AwaitedEvents(
        new EventQueries(client,
            new ReadTransactions(client, new JdbcTransactionManager(counting), Duration.ofSeconds(30))),
        progress);
    List<UUID> ids = Stream.generate(UUID::randomUUID).limit(200).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var reads = ids.stream().map(each -> CompletableFuture
          .supplyAsync(() -> awaited.find(new EventId(each), Caller.ANYONE, _ -> true, Duration.ofMinutes(5)), threads))
          .toList();
      // Each looks once for itself, and then they wait: together they have looked at least twice.
      await().atMost(Duration.ofMinutes(1)).until(() -> transactions.get() >= ids.size() + 2);
      ids.forEach(each -> event().id(each).insert());
      assertThat(reads).allSatisfy(read -> assertThat(read.join()).isPresent());
    }
    assertThat(transactions).hasValueLessThan(3 * ids.size());
  }

  @Test
  void who_waits_when_the_service_stops_is_told_to_come_again() {
    CompletableFuture<HttpResponse<String>> read = waiting(path);
    progress.stop();
    try {
      HttpResponse<String> response = read.join();
      assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
      assertThat(problemType(response)).isEqualTo("store-behind");
      assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    } finally {
      progress.start();
    }
  }
}
