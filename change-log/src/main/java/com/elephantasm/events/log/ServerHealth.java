package com.elephantasm.events.log;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.core.NestedExceptionUtils;

/**
 * Says whether servers answer, to probes that wait a second. A server that takes the connection and then says nothing is down
 * after {@link #LONGEST}, however long its client goes on waiting. Whoever asks for one server has all of them asked, side by
 * side, so that several that hang take no longer than one. Each is asked by one thread at a time, and at most once within
 * {@link #FRESH}, however many probes there are.
 */
public final class ServerHealth implements MeterBinder {
  static final Duration LONGEST = Duration.ofMillis(800);
  static final Duration FRESH = Duration.ofMillis(300);

  private final List<Server> servers = new CopyOnWriteArrayList<>();

  /**
   * @param name of the server, for the meters
   * @param question asks the server; may hang, and fails where the server is not there. Of a failure its class alone is shown:
   *     messages may quote settings, and with them a password
   */
  public HealthIndicator of(String name, Callable<Health> question) {
    Server server = new Server(name, question);
    servers.add(server);
    return () -> health(server);
  }

  private Health health(Server server) {
    servers.forEach(Server::ask);
    return server.answer();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Server server : servers) {
      Gauge.builder("elephantasm.server.up", server, asked -> health(asked).getStatus().equals(Status.UP) ? 1 : 0)
          .tag("server", server.name).description("Whether a server answers").register(registry);
    }
  }

  private static final class Server {
    private final String name;
    private final Callable<Health> question;
    private @Nullable Answer asked;

    private Server(String name, Callable<Health> question) {
      this.name = name;
      this.question = question;
    }

    private synchronized Answer ask() {
      Answer answer = asked;
      if (answer == null || answer.isStale()) {
        answer = new Answer(question);
        Thread.ofVirtual().name("server-health").start(answer::find);
        asked = answer;
      }
      return answer;
    }

    private Health answer() {
      return ask().await();
    }
  }

  private static final class Answer {
    private final Callable<Health> question;
    private final long askedAt = System.nanoTime();
    private final CompletableFuture<Health> health = new CompletableFuture<>();
    private volatile long answeredAt;

    private Answer(Callable<Health> question) {
      this.question = question;
    }

    private void find() {
      Health found;
      try {
        found = question.call();
      } catch (Exception e) {
        found = Health.down()
            .withDetail("error", NestedExceptionUtils.getMostSpecificCause(e).getClass().getSimpleName())
            .build();
      }
      answeredAt = System.nanoTime();
      health.complete(found);
    }

    private boolean isStale() {
      return health.isDone() && System.nanoTime() - answeredAt > FRESH.toNanos();
    }

    private Health await() {
      try {
        return health.get(askedAt + LONGEST.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        return Health.down().withDetail("error", "no answer within %d ms".formatted(LONGEST.toMillis())).build();
      } catch (ExecutionException e) {
        throw new IllegalStateException("an answer is never a failure", e);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return Health.unknown().build();
      }
    }
  }
}
