package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.SpiritId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How PostgreSQL runs the lists: what it plans and how many rows it touches, never how long it takes. */
class EventPlansTest extends QueryIntegrationTest {
  /** Of each of two sessions. */
  private static final int EVENTS = 20_500;
  private static final int PAGE_SIZE = 20;

  @Autowired
  private ReadTransactions reads;

  @Test
  void page_1000_reads_the_rows_that_it_shows_and_one_more() {
    insertAndAnalyze();
    EventFilter all = filter(null);
    EventFilter session = filter("s");
    for (EventFilter filter : List.of(all, session)) {
      String index = filter == all ? "events_by_time" : "events_by_session";
      assertReadsOnlyItsPage(filter, null, index);
      assertReadsOnlyItsPage(filter, placeOf(filter, 999 * PAGE_SIZE), index);
    }
  }

  @Test
  void so_does_a_page_of_a_spirit_that_the_statistics_do_not_know() {
    jdbc.sql("ANALYZE events").update();
    insert();
    assertReadsOnlyItsPage(filter(null), null, "events_by_time");
    assertReadsOnlyItsPage(filter(null), placeOf(filter(null), 999 * PAGE_SIZE), "events_by_time");
    assertReadsOnlyItsPage(filter("s"), placeOf(filter("s"), 999 * PAGE_SIZE), "events_by_session");
  }

  @Test
  void a_time_range_is_found_in_the_index() {
    insertAndAnalyze();
    Instant since = Instant.parse("2026-01-01T05:00:00Z");
    EventFilter hour = new EventFilter(new SpiritId(spirit), null, null, null, null, null, since,
        since.plusSeconds(3600), false);
    assertReadsOnlyItsPage(hour, null, "events_by_time");
  }

  @Test
  void a_page_of_spirits_reads_the_rows_that_it_shows_and_one_more() {
    jdbc.sql("""
        INSERT INTO spirits (id, name, metadata, created_at, updated_at, is_deleted, created_partition, created_offset,
          changed_partition, changed_offset)
        SELECT gen_random_uuid(), 'n', '{}', now() - n * interval '1 day', now(), false, 1, n, 1, n
        FROM generate_series(1, 20000) n
        """).update();
    jdbc.sql("ANALYZE spirits").update();
    SpiritCursor after = new SpiritCursor(Instant.now().minusSeconds(86_400L * 15_000), UUID.randomUUID());
    assertPlan(
        plan(SpiritQueries.listing(Caller.ANYONE, after),
            SpiritQueries.parameters(Caller.ANYONE, false, after, 0, PAGE_SIZE + 1)),
        "spirits_by_time");
  }

  /** Of an event that many records were refused for, among many dead letters. */
  @Test
  void the_status_reads_the_event_and_the_dead_letters_that_it_tells() {
    insertAndAnalyze();
    EventId event = new EventId(event().insert());
    jdbc.sql("""
        INSERT INTO log_partitions (id, topic_id, topic, partition) OVERRIDING SYSTEM VALUE
        VALUES (1, gen_random_uuid(), 'status', 7) ON CONFLICT (id) DO NOTHING
        """).update();
    jdbc.sql("""
        INSERT INTO dead_letters (log_partition, first_offset, last_offset, reason, episode, detail, agent_id, subject_id,
          waiting, record_digest, record_timestamp, record_headers)
        SELECT 1, n, n, 'conflict', 0, '', :spirit, CASE WHEN n % 100 = 0 THEN CAST(:id AS uuid) ELSE gen_random_uuid() END,
          false, gen_random_uuid(), now(), '[]'
        FROM generate_series(1, 20000) n
        """).param("spirit", spirit).param("id", event.value()).update();
    jdbc.sql("ANALYZE dead_letters").update();
    for (Set<SpiritId> spirits : List.of(Set.<SpiritId>of(), Set.of(new SpiritId(spirit)))) {
      List<JsonNode> plan = plan(EventStatusQueries.statement(!spirits.isEmpty()),
          EventStatusQueries.parameters(event, spirits));
      assertThat(scan(plan, "events_pkey").get("Actual Rows").asInt()).as("%s", plan).isEqualTo(1);
      assertThat(scan(plan, "dead_letters_by_subject").get("Actual Rows").asInt()).as("%s", plan).isEqualTo(10);
      assertThat(plan).extracting(node -> node.path("Relation Name").asString(""))
          .filteredOn(name -> name.equals("dead_letters")).hasSize(1);
    }
  }

  private static JsonNode scan(List<JsonNode> plan, String index) {
    return plan.stream().filter(node -> node.path("Index Name").asString("").equals(index)).findFirst()
        .orElseThrow(() -> new AssertionError(index + " is not used: " + plan));
  }

  private void insertAndAnalyze() {
    insert();
    jdbc.sql("ANALYZE events").update();
  }

  private void insert() {
    event().session("s").insertMany(EVENTS);
    event().session("t").insertMany(EVENTS);
  }

  private EventFilter filter(@Nullable String session) {
    return new EventFilter(new SpiritId(spirit), null, session, null, null, null, null, null, false);
  }

  private EventCursor placeOf(EventFilter filter, int place) {
    return jdbc.sql("""
        SELECT occurred_at, created_at, created_offset, id FROM events
        WHERE agent_id = :spirit AND session_id = coalesce(:session, session_id)
        """ + filter.order().orderBy() + "LIMIT 1 OFFSET :place").param("spirit", spirit)
        .param("session", filter.sessionId()).param("place", place)
        .query((row, _) -> new EventCursor(filter.order(), row.getObject(1, OffsetDateTime.class).toInstant(),
            row.getObject(2, OffsetDateTime.class).toInstant(), row.getLong(3), row.getObject(4, UUID.class)))
        .single();
  }

  private void assertReadsOnlyItsPage(EventFilter filter, @Nullable EventCursor after, String index) {
    EventWindow window = new EventWindow(after, 0, PAGE_SIZE + 1);
    assertPlan(plan(EventQueries.listing(filter, window), EventQueries.parameters(filter, window)), index);
  }

  private static void assertPlan(List<JsonNode> plan, String index) {
    assertThat(plan).as("%s", plan).extracting(node -> node.get("Node Type").asString()).containsExactly("Limit",
        "Index Scan");
    JsonNode scan = plan.get(1);
    assertThat(scan.get("Index Name").asString()).isEqualTo(index);
    assertThat(scan.get("Actual Rows").asInt()).as("%s", plan).isEqualTo(PAGE_SIZE + 1);
    assertThat(scan.path("Rows Removed by Filter").asInt(0)).isZero();
    assertThat(scan.path("Rows Removed by Index Recheck").asInt(0)).isZero();
    // The rows, the way down the index, and the index pages that hold the entries.
    assertThat(scan.get("Shared Hit Blocks").asInt() + scan.get("Shared Read Blocks").asInt()).as("%s", plan)
        .isLessThan(2 * PAGE_SIZE);
  }

  /** The nodes of the plan as it ran, from the top. */
  private List<JsonNode> plan(String sql, SqlParameterSource parameters) {
    String json = reads.read(() -> jdbc.sql("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + sql)
        .paramSource(parameters).query(String.class).single());
    List<JsonNode> nodes = new ArrayList<>();
    addNodes(new JsonMapper().readTree(json).get(0).get("Plan"), nodes);
    return nodes;
  }

  private static void addNodes(JsonNode node, List<JsonNode> nodes) {
    nodes.add(node);
    node.path("Plans").forEach(child -> addNodes(child, nodes));
  }
}
