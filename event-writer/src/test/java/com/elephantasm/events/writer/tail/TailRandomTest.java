package com.elephantasm.events.writer.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However the log is cut into batches, whoever stores them, whatever comes late, and wherever a tail is cut: it shows each
 * event once, and in the order of each partition.
 */
class TailRandomTest extends TailIntegrationTest {
  private static final int RECORDS = 400;
  private static final int PARTITIONS = 3;

  private final UUID neighbour = UUID.randomUUID();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void each_event_is_shown_once_and_in_order(long seed) throws Exception {
    Random random = new Random(seed);
    TailClient tail = tail(ONE, null);
    List<TailClient.Message> shown = new ArrayList<>();
    List<String> stored = new ArrayList<>();
    try (ExecutorService stores = Executors.newFixedThreadPool(PARTITIONS)) {
      List<Future<?>> loads = new ArrayList<>();
      // Each begins with events that have to wait; the spirit is born in the middle of the first.
      for (int i = 0; i < PARTITIONS; i++) {
        StoredLog partition = new StoredLog(i == 0 ? ONE : OTHER, topic, i);
        List<Runnable> batches = batches(partition, i, new Random(random.nextLong()), stored);
        loads.add(stores.submit(() -> batches.forEach(Runnable::run)));
      }
      while (loads.stream().anyMatch(load -> !load.isDone())) {
        int enough = random.nextInt(40);
        TailClient current = tail;
        awaitFact(() -> current.messages().size() >= enough || loads.stream().allMatch(Future::isDone));
        tail = cut(current, shown, random);
      }
      for (Future<?> load : loads) {
        load.get();
      }
    }
    TailClient last = tail;
    awaitFact(() -> shown.size() + last.messages().size() >= stored.size());
    last.close();
    shown.addAll(last.messages());

    List<String> contents = shown.stream().map(TailClient.Message::content).toList();
    assertThat(contents).containsExactlyInAnyOrderElementsOf(stored);
    assertInOrder(contents);
  }

  /** Ends it somewhere; now and then what it showed last is lost too, as with a client that did not keep it. */
  private TailClient cut(TailClient tail, List<TailClient.Message> shown, Random random) {
    tail.close();
    List<TailClient.Message> messages = tail.messages();
    int kept = random.nextInt(3) == 0 ? random.nextInt(messages.size() + 1) : messages.size();
    String place = tail.lastEventId();
    if (kept < messages.size()) {
      place = kept > 0 ? messages.get(kept - 1).lastEventId() : tail.firstPlace();
    }
    shown.addAll(messages.subList(0, kept));
    return tail(random.nextBoolean() ? ONE : OTHER, place);
  }

  private List<Runnable> batches(StoredLog partition, int number, Random random, List<String> stored) {
    List<Runnable> batches = new ArrayList<>();
    int records = 0;
    while (records < RECORDS) {
      List<Runnable> appends = new ArrayList<>();
      for (int size = 1 + random.nextInt(40); size > 0; size--, records++) {
        String content = number + ":" + records;
        if (random.nextInt(4) == 0) {
          appends.add(() -> partition.event(neighbour, content));
        } else {
          stored.add(content);
          appends.add(() -> partition.event(spirit, content));
        }
      }
      if (number == 0 && batches.size() == 2) {
        appends.add(() -> partition.spirit(spirit));
      }
      batches.add(() -> {
        appends.forEach(Runnable::run);
        partition.store();
      });
    }
    return batches;
  }

  /** Of each partition: first those that waited, then the others, each in the order of the log. */
  private void assertInOrder(List<String> contents) {
    List<String> late = jdbc.sql("""
        SELECT content FROM late_events JOIN events ON id = event_id WHERE events.agent_id = :id ORDER BY position
        """).param("id", spirit).query((row, _) -> row.getString(1)).list();
    Map<String, Integer> last = new HashMap<>();
    for (String content : contents) {
      String kind = content.charAt(0) + (late.contains(content) ? " late" : "");
      int record = Integer.parseInt(content.substring(2));
      assertThat(record).as("%s in %s", content, contents).isGreaterThan(last.getOrDefault(kind, -1));
      last.put(kind, record);
    }
    assertThat(late).isNotEmpty();
    assertThat(contents.stream().filter(late::contains)).containsExactlyElementsOf(late);
  }
}
