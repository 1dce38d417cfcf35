package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;

/** What GitHub runs for every change: nothing here can run it, and yet it should not fail there for something that is not here. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WorkflowsTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final JsonNode WORKFLOW = yaml(".github/workflows/ci.yml");

  private static JsonNode yaml(String file) {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    return Client.JSON.valueToTree(new Yaml(new SafeConstructor(strict)).load(read(REPOSITORY.resolve(file))));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<JsonNode> steps() {
    return WORKFLOW.path("jobs").valueStream().flatMap(job -> job.path("steps").valueStream());
  }

  private static List<String> commands() {
    return steps().filter(step -> step.has("run")).map(step -> step.path("run").asString())
        .filter(command -> !command.startsWith("sudo apt-get install ")).toList();
  }

  @Test
  void each_command_is_a_file_that_can_be_run() {
    assertThat(commands()).contains(".ci/run", ".ci/reproducible",
        "./mvnw --batch-mode --no-transfer-progress -Pcontainers verify", "deploy/compose-test.sh ${{ matrix.option }}")
        .allSatisfy(
            command -> assertThat(REPOSITORY.resolve(command.split(" ")[0])).isRegularFile().isExecutable());
  }

  @Test
  void each_Maven_profile_is_one_of_the_pom() {
    String pom = read(REPOSITORY.resolve("pom.xml"));
    assertThat(commands().stream().flatMap(command -> Pattern.compile("-P(\\S+)").matcher(command).results())
        .map(MatchResult::group)).allSatisfy(
            profile -> assertThat(pom).contains("<id>%s</id>".formatted(profile.substring("-P".length()))));
  }

  @Test
  void it_may_only_read_and_ends() {
    assertThat(WORKFLOW.path("permissions").toString()).isEqualTo("{\"contents\":\"read\"}");
    assertThat(WORKFLOW.path("jobs").valueStream()).isNotEmpty().allSatisfy(job -> {
      assertThat(job.has("permissions")).isFalse();
      assertThat(job.path("timeout-minutes").asInt()).isBetween(1, 90);
    });
  }

  @Test
  void others_cannot_change_an_action_that_it_uses() {
    assertThat(steps().filter(step -> step.has("uses")).map(step -> step.path("uses").asString())).isNotEmpty()
        .allMatch(action -> action.matches("[\\w./-]+@[0-9a-f]{40}"), "is pinned by a commit");
  }

  @Test
  void where_updates_are_looked_for_there_is_something_to_update() {
    JsonNode updates = yaml(".github/dependabot.yml").path("updates");
    assertThat(updates.valueStream().map(update -> update.path("package-ecosystem").asString())).contains("maven",
        "github-actions");
    assertThat(updates.valueStream()).allSatisfy(update -> {
      String pattern = switch (update.path("package-ecosystem").asString()) {
        case "maven" -> "pom\\.xml";
        case "github-actions" -> "\\.github";
        case "docker" -> "Dockerfile.*";
        case "docker-compose" -> "(docker-)?compose.*\\.ya?ml";
        default -> "nothing";
      };
      Stream<String> folders = update.has("directory")
          ? Stream.of(update.path("directory").asString())
          : update.path("directories").valueStream().map(JsonNode::asString);
      assertThat(folders).isNotEmpty().allSatisfy(folder -> {
        try (Stream<Path> files = Files.list(REPOSITORY.resolve(folder.substring(1)))) {
          assertThat(files.map(file -> file.getFileName().toString())).as("files of " + folder)
              .anyMatch(file -> file.matches(pattern));
        }
      });
    });
  }
}
