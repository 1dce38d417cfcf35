package com.elephantasm.events.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PreferTest {
  private static final HttpSettings SETTINGS = new HttpSettings(Duration.ofSeconds(5), Duration.ofSeconds(30),
      DataSize.ofMegabytes(1), Duration.ofSeconds(30));

  private static Prefer parse(String... lines) {
    return Prefer.parse(List.of(lines));
  }

  private static @Nullable Duration seconds(@Nullable Long seconds) {
    return seconds == null ? null : Duration.ofSeconds(seconds);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", value = {
      "respond-async                              | true  | -",
      "Respond-Async                              | true  | -",
      "respond-async=\"\"                         | true  | -",
      "wait=7                                     | false | 7",
      "WAIT = 7                                   | false | 7",
      "wait=\"7\"                                 | false | 7",
      "respond-async, wait=7                      | true  | 7",
      "wait=7 , respond-async                     | true  | 7",
      "respond-async;a=b;c, wait=7;d=\",\"        | true  | 7",
      "handling=lenient, foo;bar=\"x, wait=9\", wait=7 | false | 7",
      "foo=\"a\\\", respond-async\", wait=7       | false | 7",
      "wait=0                                     | false | 0",
      "wait=7, wait=8                             | false | 7",
      "respond-async=false                        | false | -",
      "wait                                       | false | -",
      "wait=-1                                    | false | -",
      "wait=1.5                                   | false | -",
      "wait=soon                                  | false | -",
      "wait=٧                                     | false | -",
      ",, ;=,                                     | false | -",
      "foo=\"unfinished, respond-async            | false | -"})
  void preferences_are_read_by_the_letter_of_the_RFC(String line, boolean respondAsync, @Nullable Long wait) {
    assertThat(parse(line)).isEqualTo(new Prefer(respondAsync, seconds(wait), false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"return=minimal", "Return=minimal", "respond-async, return=\"minimal\";a=b"})
  void a_short_answer_can_be_asked_for(String line) {
    assertThat(parse(line).returnMinimal()).isTrue();
    assertThat(parse("return=representation, return=minimal").returnMinimal()).isFalse();
  }

  @Test
  void a_batch_waits_only_where_it_is_asked_to() {
    assertThat(Prefer.NOTHING.grantedToBatch(SETTINGS)).isZero();
    assertThat(parse("wait=99").grantedToBatch(SETTINGS)).isEqualTo(Duration.ofSeconds(30));
    assertThat(parse("respond-async").appliedToBatch(SETTINGS)).isEqualTo("respond-async");
    assertThat(parse("respond-async, wait=2").appliedToBatch(SETTINGS)).isEqualTo("wait=2");
    assertThat(Prefer.NOTHING.appliedToBatch(SETTINGS)).isEmpty();
  }

  @Test
  void several_lines_are_one_list() {
    assertThat(parse("wait=7", "respond-async, wait=9")).isEqualTo(new Prefer(true, Duration.ofSeconds(7), false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait=31", "wait=3600", "wait=99999999999999999999999"})
  void a_wait_is_capped(String line) {
    assertThat(parse(line).granted(SETTINGS)).isEqualTo(Duration.ofSeconds(30));
    assertThat(parse(line).applied(SETTINGS, true)).isEqualTo("wait=30");
  }

  @Test
  void a_client_that_says_nothing_waits_for_the_default() {
    assertThat(Prefer.NOTHING.granted(SETTINGS)).isEqualTo(Duration.ofSeconds(5));
    assertThat(Prefer.NOTHING.applied(SETTINGS, true)).isEmpty();
  }

  @Test
  void respond_async_alone_does_not_wait_and_with_a_wait_waits_first() {
    assertThat(parse("respond-async").granted(SETTINGS)).isZero();
    assertThat(parse("respond-async, wait=2").granted(SETTINGS)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void respond_async_counts_as_applied_only_where_the_answer_was_asynchronous() {
    assertThat(parse("respond-async, wait=2").applied(SETTINGS, true)).isEqualTo("respond-async, wait=2");
    assertThat(parse("respond-async, wait=2").applied(SETTINGS, false)).isEqualTo("wait=2");
  }

  @Test
  void a_header_of_any_length_is_read() {
    assertThat(parse("a=\"" + "\\\"x".repeat(100_000) + "\", " + "b;c,".repeat(100_000) + "wait=7"))
        .isEqualTo(new Prefer(false, Duration.ofSeconds(7), false));
  }
}
