package com.elephantasm.events.writer.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** What can be told of the command line without any server. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandLineTest {
  private static final String ID = "0190f3a4-5555-7666-8777-888899990000";

  private record Ended(int code, String text) {}

  private static Ended run(String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    int code = WriterCommand.commandLine().setOut(writer).setErr(writer).execute(arguments);
    return new Ended(code, text.toString());
  }

  @Test
  void the_help_of_every_command_says_what_it_ends_with_and_gives_an_example() {
    CommandLine replay = new CommandLine(new ReplayCommand());
    for (String name : replay.getSubcommands().keySet()) {
      assertThat(run("replay", name, "--help").text()).as(name).contains("Ends with", "2    the command line is wrong",
          "Example", "  replay " + name, "--url", "--bootstrap-servers", "--json");
    }
    for (String name : List.of("export", "import")) {
      assertThat(run(name, "--help").text()).contains("Ends with", "130", "Examples:", "  " + name, ".gz");
    }
    assertThat(run("replay", "verify", "--help").text()).contains("3    verify has found drift", "--repair",
        "Changes nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"replay", "replay aply", "replay apply --form 0:1", "replay apply --from yesterday",
      "replay apply --from 0:1,0:2", "replay apply --agent-id 1-1-1-1-1", "replay apply --throttle many",
      "replay apply --detach --jdbc-url x", "replay apply --url nowhere", "replay apply --url http://h --jdbc-url x",
      "replay list --state asleep", "replay list --limit 0", "replay show", "replay show 7",
      "replay throttle " + ID + " 0", "replay throttle " + ID + " fast", "export --json", "export --to noon",
      "import --topic t", "import -", "import --topic t /no/such/file", "import --topic t --skip -1 -",
      "import --topic t --partitions 3 -", "export stray", "replay list --spring.kafka"})
  void a_wrong_command_line_ends_with_2(String line) {
    assertThat(run(line.split(" ", -1)).code()).isEqualTo(2);
  }

  @Test
  void only_the_words_of_commands_make_one_of_the_service() {
    assertThat(WriterCommand.isMeant("replay", "list")).isTrue();
    assertThat(WriterCommand.isMeant("--server.port=1", "replay")).isFalse();
    assertThat(WriterCommand.isMeant()).isFalse();
  }

  @Test
  void a_block_has_a_bar_for_each_partition_and_no_line_wider_than_the_terminal() {
    ReplayView replay = replay("""
        {"id": "%s", "mode": "apply", "state": "running", "phase": null, "throttle": 500,
         "progress": {"read": 1500, "total": 3000, "rate": 512.3, "eta": 187, "partitions": [
           {"partition": 0, "start": 0, "end": 1000, "next": 1000}, {"partition": 11, "start": 0, "end": 2000, "next": 500}]},
         "counts": {"stored": 1200, "duplicate": 0, "rejected": 3}, "drift": {"missing": 0}}
        """);
    assertThat(ProgressLines.block(ProgressLines.of(replay), 60)).containsExactly("apply " + ID + " running",
        " 0 [%s] 100 %%  1,000/1,000".formatted("#".repeat(36)),
        "11 [%s%s]  25 %%  500/2,000".formatted("#".repeat(9), ".".repeat(27)),
        "1,500 of 3,000 offsets, 50 %, 512 records/s, throttled to 50", "1,200 stored, 3 rejected");
    assertThat(ProgressLines.line(ProgressLines.of(replay))).startsWith("apply " + ID + " running: 1,500 of 3,000")
        .contains("3 min 07 s left").endsWith("1,200 stored, 3 rejected");
  }

  @Test
  void more_partitions_than_fit_are_summed_up() {
    List<ReplayView.Partition> partitions = IntStream.range(0, 100)
        .mapToObj(number -> new ReplayView.Partition(number, 0, 10, number < 50 ? 10 : 0)).toList();
    List<String> lines = ProgressLines.block(new ProgressLines.Progress("export", partitions, List.of("all")), 80);
    assertThat(lines).hasSize(26);
    assertThat(lines.get(24)).startsWith("77 more [").contains("]  35 %", "270/770");
  }

  @Test
  void a_block_is_drawn_over_the_one_before_it() {
    StringWriter text = new StringWriter();
    Screen screen = new Screen(Screen.Kind.BLOCK, new PrintWriter(text), 80);
    ProgressLines.Progress progress = new ProgressLines.Progress("x", List.of(), List.of("y"));
    screen.show(progress);
    screen.show(progress);
    assertThat(text).hasToString("\rx\u001b[K\n\ry\u001b[K\n\u001b[J\u001b[2A\rx\u001b[K\n\ry\u001b[K\n\u001b[J");
  }

  @Test
  void nothing_is_drawn_where_that_is_not_wanted() {
    assertThat(Screen.kind(false, true, "xterm", null)).isEqualTo(Screen.Kind.BLOCK);
    assertThat(Screen.kind(false, true, "dumb", null)).isEqualTo(Screen.Kind.LINES);
    assertThat(Screen.kind(false, true, "xterm", "1")).isEqualTo(Screen.Kind.LINES);
    assertThat(Screen.kind(false, false, "xterm", null)).isEqualTo(Screen.Kind.LINES);
    assertThat(Screen.kind(true, true, "xterm", null)).isEqualTo(Screen.Kind.SILENT);
  }

  @Test
  void a_verification_is_clean_only_where_no_drift_is_left() {
    assertThat(Ending.exitCode(verified("", 0, "false"))).isZero();
    assertThat(Ending.exitCode(verified("", 2, "false"))).isEqualTo(3);
    assertThat(Ending.exitCode(verified("\"repaired\": {\"written\": 2, \"left\": 0}", 2, "true"))).isZero();
    assertThat(Ending.exitCode(verified("\"repaired\": {\"written\": 1, \"left\": 1}", 2, "true"))).isEqualTo(3);
    assertThat(Ending.exitCode(verified("\"unaccounted\": {\"count\": 1}", 0, "false"))).isEqualTo(3);
    assertThat(Ending.exitCode(replay("{\"id\": \"%s\", \"state\": \"failed\"}"))).isEqualTo(1);
  }

  @Test
  void what_there_is_none_of_is_not_told() {
    List<String> lines = Ending.lines(verified("""
        "unaccounted": {"count": 0, "first": []}, "not_judged": 0, "differences": {"missing": {"count": 1, "first": [
          {"kind": "missing", "entity": "event", "id": "1", "offset": 7, "fields": {}}]}}
        """, 1, "false"));
    assertThat(String.join("\n", lines)).contains("event 1, offset 7").doesNotContain("unaccounted", "fields");
  }

  @Test
  void a_problem_is_told_as_a_sentence() {
    assertThat(ServiceReplays.sentence(new JsonMapper().readTree("""
        {"title": "Invalid request", "detail": "body /agent_id must be a UUID of 36 characters",
         "errors": [{"in": "body", "pointer": "/agent_id", "message": "must be a UUID of 36 characters"}]}
        """))).isEqualTo("agent-id must be a UUID of 36 characters");
    assertThat(ServiceReplays.sentence(new JsonMapper().readTree("""
        {"title": "Not found", "detail": "there is no such replay"}
        """))).isEqualTo("there is no such replay");
  }

  @Test
  void what_is_typed_again_is_quoted_for_a_shell() {
    assertThat(Shell.line(List.of("replay", "a b", "it's", "--x.y=http://h:1/p"))).isEqualTo(
        "replay 'a b' 'it'\\''s' --x.y=http://h:1/p");
  }

  private static ReplayView verified(String member, long missing, String repair) {
    return replay("{\"id\": \"%s\", \"mode\": \"verify\", \"state\": \"completed\", \"request\": {\"repair\": " + repair
        + "}, \"drift\": {\"missing\": " + missing + "}, \"result\": {" + member + "}}");
  }

  private static ReplayView replay(String json) {
    return new ReplayView(new JsonMapper().readTree(json.formatted(ID)));
  }
}
