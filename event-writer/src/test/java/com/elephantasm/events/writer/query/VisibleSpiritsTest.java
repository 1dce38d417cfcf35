package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.http.access.Scope;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

class VisibleSpiritsTest extends QueryIntegrationTest {
  @Autowired
  private EventQueries events;
  @Autowired
  private SpiritQueries spirits;

  private static Caller callerOf(SpiritId... visible) {
    return new Caller("test", Set.of(Scope.ADMIN), Optional.of(Set.of(visible)));
  }

  private static EventId newEventId(SpiritId spirit) {
    return EventId.of(spirit, new Identity.CloudEvent("/test", UUID.randomUUID().toString()));
  }

  @Test
  void the_store_is_not_asked_about_an_event_whose_id_tells_that_it_is_anothers() {
    DriverManagerDataSource nowhere = new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none", "none", "none");
    JdbcClient jdbc = JdbcClient.create(nowhere);
    EventQueries unreachable = new EventQueries(jdbc,
        new ReadTransactions(jdbc, new JdbcTransactionManager(nowhere), Duration.ofSeconds(1)));
    Caller caller = callerOf(new SpiritId(UUID.randomUUID()), new SpiritId(UUID.randomUUID()));
    assertThat(unreachable.find(newEventId(new SpiritId(spirit)), caller)).isEmpty();
    assertThat(unreachable.find(newEventId(new SpiritId(spirit)), callerOf())).isEmpty();
  }

  @Test
  void an_event_is_not_read_where_only_its_id_looks_like_one_of_the_callers() {
    SpiritId own = new SpiritId(UUID.randomUUID());
    EventId alike = newEventId(own);
    event().id(alike.value()).insert();
    assertThat(events.find(alike, callerOf(own))).isEmpty();
    assertThat(events.find(alike, Caller.ANYONE)).isPresent();
    assertThat(events.find(alike, callerOf(own, new SpiritId(spirit)))).isPresent();
  }

  @Test
  void a_list_has_the_spirits_that_the_caller_may_see_and_no_others() {
    SpiritId one = insert();
    SpiritId deleted = insert();
    jdbc.sql("UPDATE spirits SET is_deleted = TRUE WHERE id = :id").param("id", deleted.value()).update();
    insert();
    assertThat(spirits.page(callerOf(one, deleted), true, null, 0, 10).items()).extracting(Spirit::id)
        .containsExactlyInAnyOrder(one, deleted);
    assertThat(spirits.page(callerOf(one, deleted), false, null, 0, 10).items()).extracting(Spirit::id)
        .containsExactly(one);
    assertThat(spirits.page(callerOf(), true, null, 0, 10).items()).isEmpty();
    Page<Spirit> first = spirits.page(callerOf(one, deleted), true, null, 0, 1);
    SpiritCursor next = SpiritCursor.decode(String.valueOf(first.next()));
    assertThat(spirits.page(callerOf(one, deleted), true, next, 0, 1).items()).hasSize(1)
        .doesNotContainAnyElementsOf(first.items());
  }

  private SpiritId insert() {
    UUID id = UUID.randomUUID();
    jdbc.sql("""
        INSERT INTO spirits (id, name, description, metadata, created_at, updated_at, is_deleted, created_partition,
          created_offset, changed_partition, changed_offset)
        VALUES (:id, 'Ada', NULL, '{}', now(), now(), FALSE, 1, 1, 1, 1)
        """).param("id", id).update();
    return new SpiritId(id);
  }
}
