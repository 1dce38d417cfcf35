package com.elephantasm.events.writer.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.query.ReadTransactions;
import com.elephantasm.events.writer.store.IndexUse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How PostgreSQL runs what tails read: what it plans and how many rows it touches, never how long it takes. */
class TailPlansTest extends TailIntegrationTest {
  private static final int EVENTS = 20_000;
  private static final int LIMIT = 100;

  private final int partition = 1_000_000 + (int) (spirit.getMostSignificantBits() & 0xFFFF);
  private final TopicPartition name = new TopicPartition(topic, 0);

  @Test
  void a_page_reads_the_rows_that_it_shows_whether_the_statistics_know_the_spirit_or_not() {
    insert();
    assertReadsOnly(LIMIT, new Stretch.OfLog(partition, name, 10_000, EVENTS), "events_by_log", spirit);
    jdbc.sql("ANALYZE events").update();
    assertReadsOnly(LIMIT, new Stretch.OfLog(partition, name, 10_000, EVENTS), "events_by_log", spirit);
  }

  @Test
  void what_is_new_for_many_spirits_is_found_without_looking_at_what_is_old() {
    insert();
    jdbc.sql("ANALYZE events").update();
    UUID[] spirits = new UUID[50];
    spirits[0] = spirit;
    for (int i = 1; i < spirits.length; i++) {
      spirits[i] = UUID.randomUUID();
    }
    assertReadsOnly(10, new Stretch.OfLog(partition, name, EVENTS - 10, EVENTS), "events_by_log", spirits);
  }

  @Test
  void late_events_are_found_by_spirit_and_number() {
    insert();
    jdbc.sql("""
        INSERT INTO late_events (agent_id, event_id) SELECT agent_id, id FROM events WHERE agent_id = :id
        ORDER BY created_offset
        """).param("id", spirit).update();
    jdbc.sql("ANALYZE late_events, events").update();
    long last = jdbc.sql("SELECT max(position) FROM late_events WHERE agent_id = :id").param("id", spirit)
        .query(Long.class).single();
    assertReadsOnly(10, new Stretch.OfLate(last - 10, last), "late_events_by_agent", spirit);
    assertReadsOnly(LIMIT, new Stretch.OfLate(last - 10_000, last), "late_events_by_agent", spirit);
    // Those that are not late are told from those that are by their ids.
    List<JsonNode> plan = plan(List.of(new SpiritId(spirit)), new Stretch.OfLog(partition, name, EVENTS - 10, EVENTS));
    assertThat(plan).as("%s", plan).extracting(node -> node.path("Index Name").asString(""))
        .contains("events_by_log", "late_events_event_id_key");
    NewEvents events = new NewEvents(jdbc, ONE.getBean(ReadTransactions.class));
    assertThat(new IndexUse(ONE.getBean(DataSource.class)).of("late_events", events::frontier))
        .containsExactly("late_events_pkey");
  }

  private void insert() {
    jdbc.sql("""
        INSERT INTO events (id, agent_id, event_type, content, occurred_at, metadata, created_at, updated_at, is_deleted,
          payload_digest, created_partition, created_offset, changed_partition, changed_offset)
        SELECT gen_random_uuid(), :spirit, 'system', 'n', now(), '{}', now(), now(), false, gen_random_uuid(), :partition,
          n, :partition, n
        FROM generate_series(0, :count - 1) n
        """).param("spirit", spirit).param("partition", partition).param("count", EVENTS).update();
  }

  private void assertReadsOnly(int rows, Stretch stretch, String index, UUID... spirits) {
    List<SpiritId> agents = List.of(spirits).stream().map(SpiritId::new).toList();
    List<JsonNode> plan = plan(agents, stretch);
    assertThat(plan).as("%s", plan).extracting(node -> node.get("Node Type").asString()).doesNotContain("Sort",
        "Incremental Sort");
    JsonNode scan = plan.stream().filter(node -> node.path("Index Name").asString("").equals(index)).findFirst()
        .orElseThrow(() -> new AssertionError(plan.toString()));
    assertThat(scan.get("Actual Rows").asInt()).as("%s", plan).isEqualTo(rows);
    assertThat(scan.path("Rows Removed by Filter").asInt(0)).isZero();
    JsonNode top = plan.getFirst();
    assertThat(top.get("Actual Rows").asInt()).isEqualTo(rows);
    // The rows, a look for each at whether it is late, and the way down the index for each spirit.
    assertThat(top.get("Shared Hit Blocks").asInt() + top.get("Shared Read Blocks").asInt()).as("%s", plan)
        .isLessThan(6 * rows + 5 * spirits.length + 50);
  }

  /** The nodes of the plan as it ran, from the top. */
  private List<JsonNode> plan(List<SpiritId> agents, Stretch stretch) {
    String json = ONE.getBean(ReadTransactions.class).read(() -> jdbc
        .sql("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + NewEvents.statement(stretch))
        .paramSource(NewEvents.parameters(agents, stretch, LIMIT)).query(String.class).single());
    List<JsonNode> nodes = new ArrayList<>();
    addNodes(new JsonMapper().readTree(json).get(0).get("Plan"), nodes);
    return nodes;
  }

  private static void addNodes(JsonNode node, List<JsonNode> nodes) {
    nodes.add(node);
    node.path("Plans").forEach(child -> addNodes(child, nodes));
  }
}
