package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.writer.WriterApplication;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Settings with which a service does not start, and the one line that it says then. No server is needed to find out. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(OutputCaptureExtension.class)
class ImpossibleStartTest {
  private interface Main {
    void run(String... arguments);
  }

  private static void assertRefused(Main service, CapturedOutput output, String line, String... arguments) {
    assertThatThrownBy(() -> service.run(arguments)).isNotNull();
    assertThat(output.getAll().lines().filter(each -> each.contains(" ERROR ") || each.contains("\tat "))).hasSize(1)
        .first().asString().endsWith(" : " + line);
    assertThat(output.getAll()).endsWith(line + System.lineSeparator());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "--elephantasm.writer.treads=4 | elephantasm.writer.treads is no setting (from the command line). Did you mean elephantasm.writer.threads?",
      "elephantasm.writer.threads=4 | 'elephantasm.writer.threads=4' on the command line is no setting. Settings are options such as --elephantasm.writer.threads=4.",
      "--elephantasm.writer.threads=0 | elephantasm.writer.threads is 0. Set it to 1 or more, or leave it out for its default.",
      "--elephantasm.writer.threads=four | elephantasm.writer.threads is 'four' (from the command line). Set it to a whole number of at most 2147483647.",
      "--elephantasm.writer.threads=99999999999 | elephantasm.writer.threads is '99999999999' (from the command line). Set it to a whole number of at most 2147483647.",
      "--elephantasm.writer.batch-size=0 | elephantasm.writer.batch-size is 0. Set it to 1 or more, or leave it out for its default.",
      "--elephantasm.writer.stalled-after=500ms | elephantasm.writer.stalled-after is 500ms. Set it to 1s or more, or leave it out for its default.",
      "--elephantasm.writer.group= | elephantasm.writer.group is blank. Writers of one store share the name of one group.",
      "--elephantasm.log.partitions=0 | elephantasm.log.partitions is 0. Set it to 1 or more, or leave it out for its default.",
      "--elephantasm.log.delivery-timeout=30d | elephantasm.log.delivery-timeout is 30d. Set it to a value from 1ms to 2147483647ms, or leave it out for its default.",
      "--elephantasm.log.max-record-size=64MB | elephantasm.log.max-record-size is 64MB, which is more than elephantasm.log.buffer-size, 32MB. Lower the one or raise the other.",
      "--elephantasm.log.topic=my events | elephantasm.log.topic is 'my events', which is no name of a topic. Kafka takes up to 249 letters, digits, dots, hyphens and underscores.",
      "--elephantasm.log.outcomes-topic=elephantasm.events | elephantasm.log.topic and elephantasm.log.outcomes-topic are both 'elephantasm.events'. Outcomes are no changes: give them a topic of their own.",
      "--elephantasm.query.statement-timeout=0s | elephantasm.query.statement-timeout is 0s. Set it to 1ms or more, or leave it out for its default.",
      "--elephantasm.query.max-streams=0 | elephantasm.query.max-streams is 0. Set it to 1 or more, or leave it out for its default.",
      "--elephantasm.query.progress-interval=soon | elephantasm.query.progress-interval is 'soon' (from the command line). Set it to a time such as 200ms, 5s or 2m.",
      "--elephantasm.tail.buffer-size=128MB | elephantasm.tail.buffer-size is 128MB, which is more than elephantasm.tail.total-buffer, 64MB. Lower the one or raise the other.",
      "--elephantasm.tail.heartbeat=0s | elephantasm.tail.heartbeat is 0s. Set it to 1ms or more, or leave it out for its default.",
      "--elephantasm.replay.lease=0s | elephantasm.replay.lease is 0s. Set it to 1s or more, or leave it out for its default.",
      "--elephantasm.replay.runs=perhaps | elephantasm.replay.runs is 'perhaps' (from the command line). Set it to true or false.",
      "--elephantasm.rebuild.index-workers=-1 | elephantasm.rebuild.index-workers is -1. Set it to 0 or more, or leave it out for its default.",
      "--elephantasm.dead-letters.pending-for=0s | elephantasm.dead-letters.pending-for is 0s. Set it to 1s or more, or leave it out for its default."})
  void the_writer_refuses(String argument, String line, CapturedOutput output) {
    assertRefused(WriterApplication::main, output, line, argument);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "--elephantasm.ingest.window=0 | elephantasm.ingest.window is 0. Set it to a value from 1 to 1073741823, or leave it out for its default.",
      "--elephantasm.ingest.max-line-size=a lot | elephantasm.ingest.max-line-size is 'a lot' (from the command line). Set it to a size such as 512KB or 2MB.",
      "--elephantasm.http.max-in-flight=0 | elephantasm.http.max-in-flight is 0. Set it to 1 or more, or leave it out for its default.",
      "--elephantasm.http.max-body-memory=0B | elephantasm.http.max-body-memory is 0B. Set it to 1B or more, or leave it out for its default.",
      "--elephantasm.http.default-wait=1m | elephantasm.http.default-wait is 1m, which is more than elephantasm.http.max-wait, 30s. Lower the one or raise the other.",
      "--elephantasm.http.drain-time=-1s | elephantasm.http.drain-time is -1s. Set it to 0s or more, or leave it out for its default.",
      "--elephantasm.access.mode=open | elephantasm.access.mode is 'open' (from the command line). Set it to one of none, api-key, jwt.",
      "--elephantasm.access.keys=ek_secret | elephantasm.access.keys is not what it must be (from the command line). Set it to a list.",
      "--server.port=http | server.port is 'http'. Failed to convert to type java.lang.Integer.",
      "--server.address=0.0.0.0 | elephantasm.access.mode is none, so everybody may do everything, but server.address is 0.0.0.0, where other machines get in. Set elephantasm.access.mode to api-key or jwt, or server.address to 127.0.0.1."})
  void the_ingest_api_refuses(String argument, String line, CapturedOutput output) {
    assertRefused(IngestApplication::main, output, line, argument,
        "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
            + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration");
  }

  @Test
  void a_wrong_command_line_of_the_whole_application_is_told_in_one_line() throws Exception {
    for (List<String> wrong : List.of(List.of("--port=http", "--port"), List.of("--port=70000", "70000"),
        List.of("--prot=8001", "'--prot=8001' is neither an option nor a setting"),
        List.of("--spring.datasource.url=jdbc:postgresql://db/events", "has no effect here"))) {
      try (ChildProcess child = new ChildProcess(StandaloneApplication.class, wrong.getFirst())) {
        assertThat(child.remainingOutput()).singleElement().asString().contains(wrong.getLast(),
            "'elephantasm-events --help' says more");
        assertThat(child.exitCode()).isEqualTo(2);
      }
    }
  }

  @Test
  void a_command_says_no_more_than_that_line() throws Exception {
    try (ChildProcess child = new ChildProcess(WriterApplication.class, "replay", "list",
        "--elephantasm.replay.lease=often")) {
      assertThat(child.remainingOutput()).containsExactly(
          "elephantasm.replay.lease is 'often' (from the command line). Set it to a time such as 200ms, 5s or 2m.");
      assertThat(child.exitCode()).isEqualTo(2);
    }
  }
}
