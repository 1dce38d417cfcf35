package com.elephantasm.events.faults.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.faults.load.History;
import com.elephantasm.events.faults.load.Load;
import com.elephantasm.events.faults.load.LoadSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole load on a pipeline that nothing disturbs. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadTest {
  private static final int ATTEMPTS = 8000;

  @TempDir
  Path folder;

  @Test
  void a_pipeline_that_nothing_disturbs_shows_no_anomalies() throws Exception {
    try (Pipeline pipeline = Pipeline.start(folder); History history = History.open(folder.resolve("history.txt"))) {
      Load load = new Load(pipeline.endpoints(), history,
          LoadSettings.of(1).withOldAge(Duration.ofSeconds(3)));
      load.start();
      await().atMost(Duration.ofMinutes(3)).until(() -> load.attempts() >= ATTEMPTS);
      load.stop();

      Report report = new Checker(pipeline.endpoints(), history).check(Duration.ofMinutes(2));

      System.out.println(report.summary());
      assertThat(report.anomalies()).isEmpty();
    }
  }
}
