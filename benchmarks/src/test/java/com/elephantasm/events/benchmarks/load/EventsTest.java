package com.elephantasm.events.benchmarks.load;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.Decoded;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.schema.UnknownFields;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final int COUNT = 20_000;
  private static final Events EVENTS = new Events(1, 200);
  private static final List<Change.EventCreated> CHANGES = LongStream.range(0, COUNT).mapToObj(EVENTS::change).toList();

  @Test
  void the_same_seed_gives_the_same_events_in_whatever_order() {
    Events again = new Events(1, 200);
    assertThat(again.change(77)).isEqualTo(EVENTS.change(77));
    assertThat(again.change(3)).isEqualTo(EVENTS.change(3));
    assertThat(new Events(2, 200).change(3)).isNotEqualTo(EVENTS.change(3));
  }

  @Test
  void no_two_events_are_one() {
    assertThat(CHANGES).extracting(Change.EventCreated::id).doesNotHaveDuplicates();
  }

  @Test
  void they_have_about_500_bytes_of_json() {
    assertThat(Topic.meanSize(EVENTS, COUNT)).isBetween(450.0, 550.0);
  }

  @Test
  void they_are_valid_at_the_http_boundary_too() {
    assertThat(LongStream.range(-100, 100).mapToObj(number -> EVENTS.record(number).value()))
        .allSatisfy(json -> assertThat(NewEvent.fromJson(json, UnknownFields.REJECT))
            .isInstanceOf(Decoded.Valid.class));
  }

  @Test
  void few_spirits_are_very_active() {
    Map<SpiritId, Long> counts = CHANGES.stream().collect(groupingBy(Change.EventCreated::spiritId, counting()));
    List<SpiritId> spirits = EVENTS.spirits();
    assertThat(counts.getOrDefault(spirits.getFirst(), 0L))
        .isGreaterThan(20 * counts.getOrDefault(spirits.getLast(), 0L));
    assertThat(counts).hasSize(200);
  }

  @Test
  void a_session_is_of_one_spirit_and_has_about_30_events() {
    Map<String, List<Change.EventCreated>> sessions = CHANGES.stream()
        .collect(groupingBy(change -> String.valueOf(change.event().sessionId())));
    assertThat((double) COUNT / sessions.size()).isBetween(20.0, 35.0);
    assertThat(sessions.values()).allSatisfy(
        session -> assertThat(session).extracting(Change.EventCreated::spiritId)
            .containsOnly(session.getFirst().spiritId()));
  }
}
