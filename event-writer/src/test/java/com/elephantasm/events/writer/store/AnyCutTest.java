package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.SpiritId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A replay counts the same however the log is cut into batches, as one that was killed cuts it otherwise. */
class AnyCutTest extends StoreTest {
  private record Of(int spirit, int key, int content) {}

  @Test
  void counts_do_not_depend_on_the_cut() {
    for (long seed = Seeds.first(); seed < Seeds.first() + Seeds.times(100); seed++) {
      Random random = new Random(seed);
      List<Of> history = history(random);
      Map<Fate, Long> oneByOne = counts(history, Stream.generate(() -> 1).iterator()::next);
      Map<Fate, Long> cut = counts(history, () -> 1 + random.nextInt(history.size()));

      assertThat(cut).as("-Delephantasm.seed=%d, %s", seed, history).isEqualTo(oneByOne);
    }
  }

  /** Spirits that come late or are deleted, and events that are repeated or contradict each other; key 0 is the spirit itself. */
  private static List<Of> history(Random random) {
    List<Of> history = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      history.add(new Of(random.nextInt(3), random.nextInt(4), random.nextInt(3)));
    }
    return history;
  }

  private interface Sizes {
    int next();
  }

  /** In a store of their own, as far as they know: their spirits and their partition are new. */
  private Map<Fate, Long> counts(List<Of> history, Sizes sizes) {
    List<SpiritId> spirits = Stream.generate(() -> new SpiritId(UUID.randomUUID())).limit(3).toList();
    TestLog ownLog = new TestLog(partitions);
    List<LogEntry> entries = history.stream().map(of -> ownLog.append(change(of, spirits))).toList();
    Tally sum = new Tally();
    for (int from = 0; from < entries.size();) {
      int to = Math.min(entries.size(), from + sizes.next());
      store.replay(entries.subList(from, to), ReplayTerms.AS_WRITER, sum::add);
      from = to;
    }
    Map<Fate, Long> counts = new EnumMap<>(Fate.class);
    for (Fate fate : Fate.values()) {
      counts.put(fate, sum.of(fate));
    }
    return counts;
  }

  private static Change change(Of of, List<SpiritId> spirits) {
    SpiritId spirit = spirits.get(of.spirit());
    if (of.key() > 0) {
      return TestLog.event(spirit, "k" + of.key(), "content " + of.content());
    }
    return of.content() == 2 ? TestLog.deletion(spirit) : TestLog.spirit(spirit, "Ada " + of.content());
  }
}
