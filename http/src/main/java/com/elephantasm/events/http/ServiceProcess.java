package com.elephantasm.events.http;

import java.time.Duration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A service that is a process of its own. On SIGTERM and SIGINT it stops cleanly: requests that are running get their answers,
 * what was published is flushed, consumers leave their group. Each part of that has a bound, and all of it has one here, above
 * their sum, for what no bound was thought of: then the process ends all the same, and the next start puts things right.
 */
public final class ServiceProcess {
  /** Below it are the time to drain (2 s), requests (15 s), replays (5 s), consumers (10 s), outcomes (2 s), and the producer (5 s). */
  public static final Duration LONGEST_STOP = Duration.ofSeconds(40);

  private ServiceProcess() {}

  /** Starts it; the process then ends with 143 after SIGTERM and 130 after SIGINT, within {@link #LONGEST_STOP}. */
  public static void run(SpringApplicationBuilder service, String... arguments) {
    service.registerShutdownHook(false)
        .initializers(
            context -> Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(context), "stop")))
        .run(arguments);
  }

  private static void stop(ConfigurableApplicationContext context) {
    Thread closing = Thread.ofPlatform().name("stopping").daemon().start(context::close);
    try {
      if (!closing.join(LONGEST_STOP)) {
        System.err.println(
            "not everything stopped within %d s; the next start puts it right".formatted(LONGEST_STOP.toSeconds()));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
