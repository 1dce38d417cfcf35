package com.elephantasm.events.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A minute of what the program does for longer. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FaultRunTest {
  @TempDir
  private Path folder;

  @Test
  void nothing_is_lost_and_nothing_is_stored_twice() throws Exception {
    FaultRun.Settings settings = new FaultRun.Settings(folder, 4, Duration.ofSeconds(40), Duration.ofSeconds(5), 300,
        Set.of());
    FaultRun.Result result = new FaultRun(settings, System.out).run();
    assertThat(result.anomalies()).isZero();
    assertThat(result.faults()).isGreaterThanOrEqualTo(6);
    assertThat(result.attempts()).isGreaterThan(1000);
    assertThat(Files.readString(folder.resolve("history.txt"))).contains("FAULT   1");
  }
}
