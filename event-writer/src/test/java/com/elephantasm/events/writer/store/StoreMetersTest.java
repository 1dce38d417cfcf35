package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.TestLog.event;
import static com.elephantasm.events.writer.store.TestLog.importance;
import static com.elephantasm.events.writer.store.TestLog.spirit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.elephantasm.events.schema.Change;
import io.micrometer.core.instrument.Meter;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What is counted of batches that come again, are rolled back or change what became of others. */
class StoreMetersTest extends StoreTest {
  private final Map<String, Double> before = counts();

  @Test
  void a_record_counts_once_however_often_it_comes() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    LogEntry[] batch = {log.append(spirit(spirit, "Ada")), log.append(hello), log.append(hello),
        log.append(event(spirit, "k", "another")), log.append(importance(spirit, hello.id(), 0.5)),
        log.appendPlain("{")};
    apply(batch);
    assertThat(counted()).isEqualTo(Map.of("spirits.changed", 1.0, "events.stored", 1.0, "events.duplicate", 1.0,
        "events.amended", 1.0, "dead.letters conflict", 1.0, "dead.letters malformed", 1.0, "accept.to.store", 1.0,
        "batch.size", 1.0, "batch.transaction committed", 1.0));

    apply(batch);
    apply(batch[3]);
    assertThat(counted()).containsEntry("records.repeated", 7.0).containsEntry("events.stored", 1.0)
        .containsEntry("events.duplicate", 1.0).containsEntry("events.amended", 1.0)
        .containsEntry("dead.letters conflict", 1.0).containsEntry("dead.letters malformed", 1.0);
  }

  @Test
  void what_is_rolled_back_counts_as_nothing_but_that() {
    jdbc.sql("ALTER TABLE events ADD CONSTRAINT odd CHECK (content <> 'poison')").update();
    try {
      LogEntry ada = log.append(spirit(spirit, "Ada"));
      LogEntry poison = log.append(event(spirit, "k", "poison"));
      assertThatExceptionOfType(RecordRefusedException.class).isThrownBy(() -> apply(ada, poison));
      assertThat(counted()).isEqualTo(Map.of("batch.transaction rolled-back", 1.0));

      apply(ada);
      store.refuse(poison, "as it says");
      store.refuse(poison, "as it says");
      assertThat(counted()).isEqualTo(Map.of("spirits.changed", 1.0, "dead.letters refused", 1.0, "records.repeated",
          1.0, "batch.size", 3.0, "batch.transaction committed", 3.0, "batch.transaction rolled-back", 1.0));
    } finally {
      jdbc.sql("ALTER TABLE events DROP CONSTRAINT odd").update();
    }
  }

  @Test
  void what_waited_for_its_spirit_counts_as_stored_when_it_is() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    apply(log.append(hello));
    apply(log.append(hello));
    assertThat(counted()).containsEntry("dead.letters unknown-spirit", 2.0).doesNotContainKey("events.stored");

    apply(log.append(event(spirit, "l", "in the same batch")), log.append(spirit(spirit, "Ada")));
    assertThat(counted()).containsEntry("dead.letters unknown-spirit", 2.0).containsEntry("events.stored", 2.0)
        .containsEntry("events.duplicate", 1.0).containsEntry("spirits.changed", 1.0);
  }

  private Map<String, Double> counted() {
    Map<String, Double> counted = counts();
    before.forEach((name, count) -> counted.merge(name, -count, Double::sum));
    counted.values().removeIf(count -> count == 0);
    return counted;
  }

  /** By what comes after "elephantasm." and the tag: counters, and how often what is measured was. */
  private static Map<String, Double> counts() {
    Map<String, Double> counts = new HashMap<>();
    for (Meter meter : METERS.getMeters()) {
      if (meter.getId().getName().endsWith(".histogram")) {
        continue; // The buckets, which this registry shows one by one.
      }
      String tag = meter.getId().getTags().stream().findFirst().map(found -> " " + found.getValue()).orElse("");
      counts.put(meter.getId().getName().replace("elephantasm.", "") + tag,
          StreamSupport.stream(meter.measure().spliterator(), false).findFirst().orElseThrow().getValue());
    }
    return counts;
  }
}
