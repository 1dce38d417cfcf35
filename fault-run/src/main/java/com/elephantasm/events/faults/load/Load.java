package com.elephantasm.events.faults.load;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Clients of every kind, who send, send again and read, each attempt and each answer into a {@link History}. Create it once the
 * services are up, for its spirits are the first that it sends.
 */
public final class Load {
  private final Bench bench;
  private final SplittableRandom random;
  private final List<Thread> threads = new ArrayList<>();

  public Load(Endpoints endpoints, History history, LoadSettings settings) {
    bench = Bench.of(endpoints, history, settings);
    random = new SplittableRandom(settings.seed());
  }

  /**
   * Creates the spirits, then lets the clients begin. Returns when they have begun.
   *
   * @throws IllegalStateException where a spirit cannot be created within the clients' patience
   */
  public void start() throws InterruptedException {
    createSpirits();
    for (Crew crew : Crew.values()) {
      Pace pace = new Pace(crew.share() * bench.settings().rate());
      for (int i = 1; i <= crew.size() * bench.settings().clients(); i++) {
        String name = crew.clientName() + "-" + i;
        Client client = crew.client(name, bench, random.split(), pace);
        threads.add(Thread.ofVirtual().name(name).start(client));
      }
    }
  }

  private void createSpirits() throws InterruptedException {
    RandomGenerator chance = random.split();
    SpiritSender sender = new SpiritSender("start", bench, chance);
    for (int i = 0; i < bench.settings().spirits(); i++) {
      UUID id = new UUID(chance.nextLong(), chance.nextLong());
      SentSpirit spirit = bench.history().addSpirit(id);
      if (!(sender.put(spirit, new Register<>(null)) instanceof Answer.Acknowledged)) {
        throw new IllegalStateException("spirit %s could not be created".formatted(id));
      }
      bench.spirits().add(id);
    }
  }

  /** Lets the clients begin nothing new, and returns when all that was under way is settled or given up. */
  public void stop() throws InterruptedException {
    bench.stopping().request(bench.settings().settling());
    for (Thread thread : threads) {
      thread.join();
    }
    bench.readers().close();
    bench.http().shutdownNow();
  }

  /** Each try of each event or change until now. */
  public long attempts() {
    return progress().attempts();
  }

  public Progress progress() {
    return bench.history().progress();
  }
}
