package com.elephantasm.events.faults.nemesis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Everything that goes wrong in a run, known before it begins: the same seed and settings give the same schedule. */
public record Schedule(List<Fault> faults) {
  /**
   * Draws faults one after the other until the time is over. Each kind comes once before any comes again.
   *
   * @param every the mean time from the start of one to the start of the next; they may overlap
   */
  public static Schedule draw(long seed, Duration duration, Duration every, Collection<FaultKind> kinds) {
    Random random = new Random(seed); // Its numbers are specified, so they are the same everywhere and for ever.
    List<Fault> faults = new ArrayList<>();
    List<FaultKind> bag = new ArrayList<>();
    Duration at = Duration.ofMillis(between(random, 500, 1500));
    while (at.compareTo(duration) < 0) {
      if (bag.isEmpty()) {
        bag.addAll(kinds);
        Collections.shuffle(bag, random);
      }
      FaultKind kind = bag.removeLast();
      faults.add(new Fault(faults.size() + 1, at, kind, 1 + random.nextInt(kind.subject.count),
          Duration.ofMillis(between(random, 1000L * kind.shortest, 1000L * kind.longest))));
      at = at.plusMillis(between(random, every.toMillis() / 2, every.toMillis() * 3 / 2));
    }
    return new Schedule(List.copyOf(faults));
  }

  private static long between(Random random, long least, long most) {
    return most == least ? least : least + (long) (random.nextDouble() * (most - least));
  }

  @Override
  public String toString() {
    return faults.stream().map(Fault::toString).collect(Collectors.joining("\n"));
  }
}
