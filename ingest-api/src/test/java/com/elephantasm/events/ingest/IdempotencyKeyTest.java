package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.DedupeKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IdempotencyKeyTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", ignoreLeadingAndTrailingWhitespace = true, value = {
      "\"k\"           | k", "k               | k", "` k `           | k", "\"a b\"         | a b",
      "\"a\\\"b\\\\c\" | a\"b\\c", "a,b=c;d         | a,b=c;d", "\"a,b\"         | a,b",
      "a b             | -", "\"k             | -", "k\"             | -", "\"k\";p=1       | -",
      "\"a\\bc\"       | -", "\"\"            | -", "\" \"           | -", "``              | -", "ключ            | -",
      "\"ключ\"        | -"})
  void a_key_comes_as_a_string_or_bare(String line, @Nullable String key) {
    assertThat(IdempotencyKey.parse(line)).isEqualTo(key == null ? null : new DedupeKey(key));
  }

  @Test
  void a_key_is_as_long_as_the_one_in_a_body_may_be() {
    assertThat(IdempotencyKey.parse("k".repeat(255))).isNotNull();
    assertThat(IdempotencyKey.parse("k".repeat(256))).isNull();
    assertThat(IdempotencyKey.parse("\"" + "\\\"".repeat(255) + "\"")).isNotNull();
    assertThat(IdempotencyKey.parse("\"" + "\\\"".repeat(100_000) + "\"")).isNull();
  }
}
