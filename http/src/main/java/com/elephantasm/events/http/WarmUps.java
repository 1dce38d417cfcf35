package com.elephantasm.events.http;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/** Warms the service up. The web server runs by then, and Spring Boot says that the service is ready only after this. */
final class WarmUps implements ApplicationRunner {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUps.class);
  static final Duration LONGEST = Duration.ofSeconds(10);

  private final List<WarmUp> all;

  WarmUps(List<WarmUp> all) {
    this.all = all;
  }

  @Override
  public void run(ApplicationArguments arguments) throws InterruptedException {
    long begin = System.nanoTime();
    List<Thread> threads = all.stream()
        .map(warmUp -> Thread.ofVirtual().name("warm-up " + warmUp.name()).start(() -> run(warmUp))).toList();
    for (Thread thread : threads) {
      Duration left = LONGEST.minusNanos(System.nanoTime() - begin);
      if (left.isNegative() || !thread.join(left)) {
        LOG.warn("{} takes too long: the first requests may have to wait", thread.getName());
        thread.interrupt();
      }
    }
  }

  private static void run(WarmUp warmUp) {
    long begin = System.nanoTime();
    try {
      warmUp.work().call();
      LOG.debug("Warmed up: {}, in {} ms", warmUp.name(), Duration.ofNanos(System.nanoTime() - begin).toMillis());
    } catch (Exception e) {
      LOG.debug("Not warmed up: {}", warmUp.name(), e);
    }
  }
}
