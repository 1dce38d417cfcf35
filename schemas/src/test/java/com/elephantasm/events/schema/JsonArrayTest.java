package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonArrayTest {
  private static Decoded<JsonArray> read(String json) {
    return JsonArray.read(json.getBytes(StandardCharsets.UTF_8), 10);
  }

  private static List<String> elements(String json) {
    assertThat(read(json)).isInstanceOf(Decoded.Valid.class);
    JsonArray array = ((Decoded.Valid<JsonArray>) read(json)).value();
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      elements.add(new String(array.element(i), StandardCharsets.UTF_8));
    }
    return elements;
  }

  @Test
  void elements_are_cut_out_as_they_were_sent() {
    assertThat(elements("[]")).isEmpty();
    assertThat(elements(" [ {} ,{\"a\" : [1, {\"b\":\"]},{\"}]}\n, [ ] ]\n")).containsExactly("{}",
        "{\"a\" : [1, {\"b\":\"]},{\"}]}", "[ ]");
    assertThat(elements("\uFEFF[{\"ü\":\"🐘\\\"\"}, {\"c\":\"\uFEFF\"}]")).containsExactly("{\"ü\":\"🐘\\\"\"}",
        "{\"c\":\"\uFEFF\"}");
    assertThat(elements("[1, -2.5e3 ,\"te\\u0041xt\", true,null,false]")).containsExactly("1", "-2.5e3",
        "\"te\\u0041xt\"", "true", "null", "false");
  }

  @Test
  void what_is_beyond_the_limits_of_an_element_is_left_in_it() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    String number = "9".repeat(10_000);
    String name = "{\"" + "n".repeat(100_000) + "\":1}";
    assertThat(elements("[" + deep + "," + number + "," + name + ",{\"a\":1,\"a\":2},\"\\ud800\"]"))
        .containsExactly(deep, number, name, "{\"a\":1,\"a\":2}", "\"\\ud800\"");
  }

  @Test
  void one_element_more_than_allowed_is_enough_to_know() {
    assertThat(elements("[" + "1,".repeat(5_000) + "oops")).hasSize(11);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1]]", "[1],", "[{]}", "[{\"a\":1]",
      "['a']",
      "[NaN]", "[/* */]", "[{\"a\":\"b\"c\"}, {\"d\":\", {}, \"}]", "[\"\n\"]", "[01]", "[{a:1}]", "nul", "[tru]"})
  void an_array_whose_grammar_is_broken_is_refused_as_a_whole(String json) {
    assertThat(read(json)).isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void depth_beyond_all_reason_is_refused_without_a_context_for_each_level() {
    assertThat(read("[".repeat(10_000_000))).isInstanceOf(Decoded.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"})
  void another_encoding_is_not_guessed(String charset) {
    assertThat(JsonArray.read("[{}]".getBytes(Charset.forName(charset)), 10)).isInstanceOf(Decoded.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "1", "\"[]\"", "null", "true"})
  void JSON_that_is_no_array_is_invalid(String json) {
    assertThat(read(json)).isInstanceOf(Decoded.Invalid.class);
  }
}
