package com.elephantasm.events.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

/** Settings that are known, and others, from wherever they come. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SettingsCheckTest {
  static class Nothing {}

  private static void start(Map<String, Object> variables, String... arguments) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
        new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    new SpringApplicationBuilder(Nothing.class).environment(environment).web(WebApplicationType.NONE).run(arguments)
        .close();
  }

  private static void assertRefused(String line, Map<String, Object> variables, String... arguments) {
    assertThatThrownBy(() -> start(variables, arguments)).isInstanceOf(SettingException.class).hasMessage(line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"elephantasm.writer.threads", "elephantasm.ingest.maxBatchSize",
      "elephantasm.ingest.max_batch_size", "elephantasm.access.keys[0].name", "elephantasm.access.keys[10].spirits[2]",
      "elephantasm.access.keys[0].spirits", "elephantasm.http.cors.origins", "elephantasm.http.cors.origins[0]",
      "elephant.size"})
  void a_setting_of_whichever_service_is_known_however_it_is_written(String name) {
    start(Map.of(), "--" + name + "=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ELEPHANTASM_WRITER_THREADS", "ELEPHANTASM_INGEST_MAXBATCHSIZE",
      "ELEPHANTASM_INGEST_MAX_BATCH_SIZE", "ELEPHANTASM_DEADLETTERS_PENDINGFOR", "ELEPHANTASM_ACCESS_KEYS_0_SCOPES_1",
      "ELEPHANTASM_HTTP_CORS_ORIGINS", "ELEPHANTASM_DATA", "ELEPHANTASM_API_KEY"})
  void so_is_a_variable(String name) {
    start(Map.of(name, "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ELEPHANTASM_SERVICE_HOST", "ELEPHANTASM_WRITER_SERVICE_PORT_HTTP",
      "ELEPHANTASM_WRITER_PORT", "ELEPHANTASM_WRITER_PORT_8081_TCP", "ELEPHANTASM_WRITER_PORT_8081_TCP_ADDR"})
  void what_Kubernetes_says_of_a_service_of_that_name_is_none_of_ours(String name) {
    start(Map.of(name, "tcp://10.0.0.1:8081"));
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '|', value = {"elephantasm.writer.treads, Did you mean elephantasm.writer.threads?",
      "elephantasm.writer.thread-count, Did you mean elephantasm.writer.threads?",
      "elephantasm.writer.vacuum-pause, docs/configuration.md has them all.",
      "elephantasm.threads, docs/configuration.md has them all.",
      "elephantasm.log.max-record-sizes, Did you mean elephantasm.log.max-record-size?",
      "elephantasm.writer.threads[0], Did you mean elephantasm.writer.threads?",
      "elephantasm.access.keys[1].spirit, Did you mean elephantasm.access.keys[].spirits?",
      "elephantasm.data, docs/configuration.md has them all."})
  void an_unknown_one_refuses_the_start_and_the_closest_is_named(String name, String remedy) {
    assertRefused("%s is no setting (from the command line). %s".formatted(name, remedy), Map.of(), "--" + name + "=1");
  }

  @Test
  void an_unknown_variable_is_named_as_it_was_set() {
    assertRefused(
        "elephantasm.writer.treads is no setting (from the environment variable ELEPHANTASM_WRITER_TREADS). Did you mean elephantasm.writer.threads?",
        Map.of("ELEPHANTASM_WRITER_TREADS", "4"));
  }

  @Test
  void an_unknown_one_in_a_file_is_told_with_its_line(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("application.yaml"),
        List.of("elephantasm:", "  log:", "    topic: a", "    partition: 3"));
    assertThatThrownBy(() -> start(Map.of(), "--spring.config.location=" + folder + "/"))
        .hasMessageStartingWith("elephantasm.log.partition is no setting (from ")
        .hasMessageContaining(file.getFileName() + "] - 4:16")
        .hasMessageEndingWith("Did you mean elephantasm.log.partitions?");
  }

  @Test
  void its_value_is_not_told_as_it_may_be_a_secret() {
    assertThatThrownBy(() -> start(Map.of(), "--elephantasm.password=swordfish")).message().doesNotContain("swordfish");
  }

  @Test
  void values_are_told_as_they_can_be_typed() {
    assertThat(List.of(Duration.ofMillis(1500), Duration.ofSeconds(120), Duration.ZERO,
        Duration.ofSeconds(-3), DataSize.ofMegabytes(2),
        DataSize.ofBytes(1025), 7).stream().map(Bounds::print))
        .containsExactly("1500ms", "2m", "0s", "-3s", "2MB", "1025B", "7");
  }
}
