package com.elephantasm.events.writer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.query.ReadTransactions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How PostgreSQL runs the reads of dead letters: what it plans and how much it touches, never how long it takes. */
class LetterPlansTest extends LetterIntegrationTest {
  /** As many as it takes for an index to be cheaper than the table; with a million the plans are the same. */
  private static final int LETTERS_IN_ALL = Integer.getInteger("letters", 30_000);
  private static final int PAGE = 51;
  private static final UUID SPIRIT = UUID.randomUUID();
  private static final UUID EVENT = UUID.randomUUID();
  private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

  @BeforeAll
  static void fill() {
    int partition = JDBC.sql("""
        INSERT INTO log_partitions (topic_id, topic, partition) VALUES (gen_random_uuid(), 'plans', 0) RETURNING id
        """).query(Integer.class).single();
    JDBC.sql("""
        INSERT INTO dead_letters (log_partition, first_offset, last_offset, reason, episode, detail, agent_id, subject_id,
          waiting, record_digest, record_timestamp, record_headers, record_value, state)
        SELECT :partition, n, n, CASE WHEN n % 500 = 0 THEN 'conflict' ELSE 'unknown-spirit' END, 0, 'detail',
          CASE WHEN n % 250 = 0 THEN :spirit::uuid ELSE gen_random_uuid() END,
          CASE WHEN n % 5000 = 0 THEN :event::uuid ELSE gen_random_uuid() END, false, gen_random_uuid(),
          :start::timestamptz + n * interval '1 second', '[]', decode(repeat('00', 300), 'hex'),
          CASE n % 10 WHEN 0 THEN 'open' WHEN 1 THEN 'discarded' ELSE 'redriven' END
        FROM generate_series(1, :count) n
        """).param("partition", partition).param("spirit", SPIRIT).param("event", EVENT)
        .param("start", START.toString())
        .param("count", LETTERS_IN_ALL).update();
    JDBC.sql("VACUUM ANALYZE dead_letters").update();
  }

  private static LetterFilter filter(List<String> states, @Nullable String reason, @Nullable UUID agent,
      @Nullable UUID subject) {
    return new LetterFilter(Caller.ANYONE, states, reason, agent, subject, null, null, null, null, null);
  }

  private static LetterCursor middle() {
    return new LetterCursor(START.plusSeconds(LETTERS_IN_ALL / 2), 0);
  }

  @Test
  void a_page_of_a_list_reads_little_more_than_what_it_shows() {
    for (LetterCursor after : new LetterCursor[]{null, middle()}) {
      for (String state : DeadLetter.STATES) {
        assertReadsAPage(filter(List.of(state), null, null, null), after, "dead_letters_by_time");
      }
      assertReadsAPage(filter(List.of("open"), "conflict", null, null), after, "dead_letters_by_reason");
      assertReadsAPage(filter(List.of("open"), null, SPIRIT, null), after, "dead_letters_by_agent");
      assertReadsAPage(filter(List.of("open"), null, null, EVENT), after, "dead_letters_by_subject");
      assertReadsAPage(filter(DeadLetter.STATES, null, null, null), after, "dead_letters_by_time");
    }
    assertReadsAPage(new LetterFilter(Caller.ANYONE, List.of("open"), null, null, null, "plans", 0L,
        START.plusSeconds(LETTERS_IN_ALL / 2), START.plusSeconds(LETTERS_IN_ALL), false), null, "dead_letters_by_time");
    Caller ofOne = new Caller("one", Set.of(), Optional.of(Set.of(new SpiritId(SPIRIT))));
    assertReadsAPage(
        new LetterFilter(ofOne, List.of("open"), null, null, null, null, null, null, null, null), null,
        "dead_letters_by_agent");
  }

  private void assertReadsAPage(LetterFilter filter, @Nullable LetterCursor after, String index) {
    List<JsonNode> plan = plan(DeadLetterQueries.listing(filter, after),
        DeadLetterQueries.parameters(filter, after, PAGE));
    JsonNode top = plan.getFirst();
    assertThat(top.get("Actual Rows").asDouble()).as("%s", filter).isPositive();
    // Rows and pages of the index, for each state; what the letters are of; and what the planner itself looks up.
    assertThat(blocks(top)).as("%s: %s", filter, top).isLessThan(4 * PAGE * filter.states().size() + 100);
    assertThat(indexes(plan, "dead_letters")).as("%s: %s", filter, top).containsOnly(index);
  }

  private static List<String> indexes(List<JsonNode> plan, String table) {
    return plan.stream().map(node -> node.path("Index Name").asString("")).filter(name -> name.startsWith(table + "_"))
        .toList();
  }

  private static int blocks(JsonNode top) {
    return top.get("Shared Hit Blocks").asInt() + top.get("Shared Read Blocks").asInt();
  }

  @Test
  void a_count_reads_an_index_and_no_letter() {
    for (LetterFilter filter : List.of(filter(List.of("open"), null, null, null),
        filter(List.of("open"), "conflict", null, null))) {
      List<JsonNode> plan = plan(DeadLetterQueries.counting(filter), filter.parameters());
      assertThat(plan).as("%s", plan).extracting(node -> node.get("Node Type").asString()).contains("Index Only Scan")
          .doesNotContain("Seq Scan");
    }
  }

  @Test
  void what_is_next_in_the_order_of_the_log_is_found_without_looking_at_what_was_decided() {
    LetterFilter filter = filter(List.of("open"), null, null, null);
    List<JsonNode> plan = plan(DeadLetterQueries.inLogOrder(filter, "AND last_redrive IS NULL\n"),
        DeadLetterQueries.parametersInLogOrder(filter, Long.MAX_VALUE, DeadLetterQueries.Next.FIRST, 100));
    JsonNode top = plan.getFirst();
    assertThat(indexes(plan, "dead_letters")).containsExactly("dead_letters_in_log_order");
    assertThat(top.get("Actual Rows").asInt()).isEqualTo(100);
    assertThat(blocks(top)).as("%s", top).isLessThan(400);
  }

  @Test
  void redrives_are_found_by_their_letter_their_run_and_their_state() {
    UUID run = UUID.randomUUID();
    JDBC.sql("""
        INSERT INTO redrives (id, dead_letter, run, requested_at, edited, state)
        SELECT gen_random_uuid(), -1 - n % 10000, CASE WHEN n % 200 = 0 THEN :run::uuid ELSE gen_random_uuid() END, now(), false,
          CASE WHEN n % 300 = 0 THEN 'pending' ELSE 'stored' END
        FROM generate_series(1, :count) n
        """).param("run", run).param("count", LETTERS_IN_ALL).update();
    JDBC.sql("VACUUM ANALYZE redrives").update();
    assertReadsRedrives(new RedriveQueries.Filter(Caller.ANYONE, null, -5L, null, null), "redrives_by_letter");
    assertReadsRedrives(new RedriveQueries.Filter(Caller.ANYONE, run, null, null, null), "redrives_by_run");
    assertReadsRedrives(new RedriveQueries.Filter(Caller.ANYONE, null, null, "pending", null), "redrives_by_state");
    assertReadsRedrives(new RedriveQueries.Filter(Caller.ANYONE, null, null, null, null), "redrives_pkey");
    // Of letters that are not there.
    JDBC.sql("DELETE FROM redrives WHERE dead_letter < 0").update();
  }

  private static void assertReadsRedrives(RedriveQueries.Filter filter, String index) {
    List<JsonNode> plan = plan(RedriveQueries.listing(filter), RedriveQueries.parameters(filter, PAGE));
    assertThat(indexes(plan, "redrives")).as("%s", plan).containsExactly(index);
    assertThat(blocks(plan.getFirst())).as("%s", plan).isLessThan(4 * PAGE);
  }

  /** The nodes of the plan as it ran, from the top. */
  private static List<JsonNode> plan(String sql, SqlParameterSource parameters) {
    String json = WRITER.getBean(ReadTransactions.class).read(() -> {
      JDBC.sql("SELECT set_config('enable_sort', 'on', true)").query().singleRow();
      return JDBC.sql("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + sql).paramSource(parameters)
          .query(String.class).single();
    });
    List<JsonNode> nodes = new ArrayList<>();
    addNodes(new JsonMapper().readTree(json).get(0).get("Plan"), nodes);
    return nodes;
  }

  private static void addNodes(JsonNode node, List<JsonNode> nodes) {
    nodes.add(node);
    node.path("Plans").forEach(child -> addNodes(child, nodes));
  }
}
