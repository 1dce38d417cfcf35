package com.elephantasm.events.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdmissionTest {
  private static Admission admission(int maxInFlight, int maxWaiting) {
    return new Admission(new AdmissionSettings(maxInFlight, maxWaiting, DataSize.ofBytes(1000)));
  }

  private static void run(Admission admission, Runnable request) {
    try (Admission.Visit visit = admission.enter()) {
      visit.scope().run(request);
    }
  }

  private static void assertFull(Admission admission) {
    assertThatThrownBy(admission::enter).isInstanceOfSatisfying(ProblemException.class, e -> {
      assertThat(e.problem().status()).isEqualTo(503);
      assertThat(e.problem().type()).isEqualTo(ProblemType.OVERLOADED.uri());
      assertThat(e.problem().headers()).containsEntry("Retry-After", "1");
    });
  }

  private static void assertFree(Admission admission) {
    assertThatCode(() -> admission.enter().close()).doesNotThrowAnyException();
  }

  @Test
  void one_request_more_than_there_are_places_is_refused_until_one_ends() {
    Admission admission = admission(2, 1);
    run(admission, () -> {
      run(admission, () -> assertFull(admission));
      assertFree(admission);
    });
    assertFree(admission);
  }

  @Test
  void a_request_that_fails_gives_its_place_back() {
    Admission admission = admission(1, 1);
    assertThatThrownBy(() -> run(admission, () -> {
      throw new IllegalStateException("failed");
    })).hasMessage("failed");
    assertFree(admission);
  }

  @Test
  void a_request_that_waits_has_no_place_and_works_on_with_one() {
    Admission admission = admission(1, 1);
    run(admission, () -> {
      Optional<String> waited = admission.waiting(() -> {
        assertFree(admission);
        return "over";
      });
      assertThat(waited).contains("over");
      assertFull(admission);
    });
    assertFree(admission);
  }

  @Test
  void a_wait_that_is_over_is_never_refused() throws InterruptedException {
    Admission admission = admission(1, 1);
    CompletableFuture<String> outcome = new CompletableFuture<>();
    CountDownLatch isWaiting = new CountDownLatch(1);
    CompletableFuture<Void> request = CompletableFuture.runAsync(() -> run(admission, () -> {
      assertThat(admission.waiting(() -> {
        isWaiting.countDown();
        return outcome.join();
      })).contains("stored");
      assertFull(admission);
    }), Thread::startVirtualThread);
    assertThat(isWaiting.await(1, TimeUnit.MINUTES)).isTrue();
    try (Admission.Visit newcomer = admission.enter()) {
      outcome.complete("stored");
      newcomer.scope().run(() -> assertThat(request).isNotDone());
    }
    assertThat(request).succeedsWithin(Duration.ofMinutes(1));
    assertFree(admission);
  }

  @Test
  void where_too_many_wait_a_request_does_not() {
    Admission admission = admission(5, 1);
    run(admission, () -> admission.waiting(() -> {
      run(admission, () -> assertThat(admission.waiting(() -> "over")).isEmpty());
      return "over";
    }));
    run(admission, () -> assertThat(admission.waiting(() -> "over")).contains("over"));
  }

  @Test
  void a_request_that_streams_gives_its_place_up_once() {
    Admission admission = admission(1, 1);
    run(admission, () -> {
      admission.leave();
      admission.leave();
      run(admission, () -> assertFull(admission));
    });
    assertFree(admission);
    run(admission, () -> assertFull(admission));
  }

  @Test
  void bodies_that_are_together_too_large_are_refused_until_one_is_gone() {
    Admission admission = admission(3, 1);
    run(admission, () -> {
      admission.reserve(600);
      admission.reserve(100);
      run(admission, () -> {
        admission.reserve(300);
        assertThatThrownBy(() -> admission.reserve(1)).isInstanceOf(ProblemException.class);
      });
      run(admission, () -> admission.reserve(300));
    });
    run(admission, () -> admission.reserve(1000));
  }

  @Test
  void a_body_larger_than_all_memory_is_let_in_alone() {
    Admission admission = admission(3, 1);
    run(admission, () -> {
      admission.reserve(800);
      admission.reserve(800);
      run(admission, () -> assertThatThrownBy(() -> admission.reserve(1)).isInstanceOf(ProblemException.class));
    });
  }

  @Test
  void outside_of_a_request_nothing_is_bound() {
    Admission admission = admission(1, 1);
    admission.leave();
    admission.reserve(10_000);
    assertThat(admission.waiting(() -> "over")).contains("over");
    assertFree(admission);
  }
}
