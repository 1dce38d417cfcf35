package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.SpiritId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A replay counts the same however the log is cut into batches, as one that was killed cuts it otherwise. */
class AnyCutTest extends StoreTest {
  private static final int LENGTH = 25;

  private record Of(int spirit, int key, int content) {}

  @Test
  void counts_do_not_depend_on_the_cut() {
    for (long seed = Seeds.first(); seed < Seeds.first() + Seeds.times(100); seed++) {
      List<Of> history = history(new Random(seed));
      if (difference(history, seed) != null) {
        long failing = seed;
        List<Of> smallest = Seeds.smallest(history, some -> difference(some, failing) != null);
        throw new AssertionError("-Dtests.seed=%d fails; the smallest history that does: %s%n%s".formatted(seed,
            smallest, difference(smallest, seed)));
      }
    }
  }

  /** Null where both count the same. */
  private @Nullable String difference(List<Of> history, long seed) {
    Random random = new Random(seed);
    Map<Fate, Long> oneByOne = counts(history, () -> 1);
    Map<Fate, Long> cut = counts(history, () -> 1 + random.nextInt(LENGTH));
    return cut.equals(oneByOne) ? null : "one by one %s, cut %s".formatted(oneByOne, cut);
  }

  /** Spirits that come late or are deleted, and few events, mostly repeated, some contradicting; key 0 is the spirit itself. */
  private static List<Of> history(Random random) {
    List<Of> history = new ArrayList<>();
    for (int i = 0; i < LENGTH; i++) {
      boolean ofSpirit = random.nextInt(6) == 0;
      history.add(new Of(random.nextInt(3), ofSpirit ? 0 : 1 + random.nextInt(2), random.nextInt(3)));
    }
    return history;
  }

  /** In a store of their own, as far as they know: their spirits and their partition are new. */
  private Map<Fate, Long> counts(List<Of> history, IntSupplier sizes) {
    List<SpiritId> spirits = Stream.generate(() -> new SpiritId(UUID.randomUUID())).limit(3).toList();
    TestLog ownLog = new TestLog(partitions);
    List<LogEntry> entries = history.stream().map(of -> ownLog.append(change(of, spirits))).toList();
    Tally sum = new Tally();
    for (int from = 0; from < entries.size();) {
      int to = Math.min(entries.size(), from + sizes.getAsInt());
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
      return TestLog.event(spirit, "k" + of.key(), of.content() == 2 ? "contradiction" : "hello");
    }
    return of.content() == 2 ? TestLog.deletion(spirit) : TestLog.spirit(spirit, "Ada " + of.content());
  }
}
