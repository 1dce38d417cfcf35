package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AttributeHeaderTest {
  @ParameterizedTest
  @CsvSource(quoteCharacter = '\'', delimiter = '|', value = {"Euro%20%E2%82%AC%20%F0%9F%98%80|Euro € 😀",
      "Euro%20%e2%82%ac%20%f0%9f%98%80|Euro € 😀", "%41%62c|Abc", "a-1|a-1", "''|''", "%2520|%20",
      "\"Euro%20%E2%82%AC\"|Euro €", "\"a b\"|a b", "\"a \\\"b\\\" \\\\ \\c\"|a \"b\" \\ c", "\"\"|''", "a\"b\"|a\"b\"",
      "\"%22\"|'\"'", "(no comment)|(no comment)", "a\\b|a\\b", "%00|'\0'", "%7F|\u007f"})
  void a_value_is_unquoted_and_then_percent_decoded_once(String header, String value) {
    assertThat(AttributeHeader.decode(header)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "%zz", "%4g", "100%", "% 41", "%+1", "%u20AC", "%C0%A0", "%E2%82", "%80",
      "%ED%A0%80",
      "%F4%90%80%80", "%C3(", "\u00fc", "%C3\u00ff"})
  void percent_signs_without_digits_and_bytes_that_are_not_UTF_8_are_refused(String header) {
    assertThat(AttributeHeader.decode(header)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"", "\"a", "\"a\\\"", "\"a\"b", "\"a\"b\"", "\"\\", "\"a\" "})
  void a_quote_that_is_opened_ends_with_the_value(String header) {
    assertThat(AttributeHeader.decode(header)).isNull();
  }

  @Test
  void the_longest_header_is_read() {
    assertThat(AttributeHeader.decode("\"" + "\\a".repeat(8000) + "\"")).isEqualTo("a".repeat(8000));
    assertThat(AttributeHeader.decode("%41".repeat(5000))).isEqualTo("A".repeat(5000));
  }
}
