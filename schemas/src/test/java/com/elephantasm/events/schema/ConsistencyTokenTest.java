package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConsistencyTokenTest {
  private static final String TOPIC = "elephantasm.events";

  @Test
  void what_was_encoded_is_decoded_whatever_the_positions() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      TreeMap<Integer, Long> offsets = new TreeMap<>();
      for (int n = random.nextInt(1, 40); n > 0; n--) {
        offsets.put(random.nextInt() >>> random.nextInt(1, 32), random.nextLong() >>> random.nextInt(1, 64));
      }
      ConsistencyToken token = new ConsistencyToken(TOPIC, offsets);
      assertThat(ConsistencyToken.decode(token.encoded(), TOPIC)).isEqualTo(token);
    }
  }

  @Test
  void it_has_the_last_position_of_each_partition() {
    ConsistencyToken token = ConsistencyToken
        .of(List.of(new RecordPosition(TOPIC, 3, 9), new RecordPosition(TOPIC, 0, 7), new RecordPosition(TOPIC, 3, 8)));
    assertThat(token).isEqualTo(new ConsistencyToken(TOPIC, new TreeMap<>(Map.of(0, 7L, 3, 9L))));
    assertThat(ConsistencyToken.of(List.of())).isNull();
  }

  @Test
  void a_token_of_another_log_is_none() {
    String token = ConsistencyToken.of(new RecordPosition("another", 0, 7)).encoded();
    assertThat(ConsistencyToken.decode(token, TOPIC)).isNull();
  }

  @Test
  void a_token_with_any_bit_changed_is_none() {
    byte[] token = Base64.getUrlDecoder().decode(ConsistencyToken.of(new RecordPosition(TOPIC, 3, 1234)).encoded());
    for (int bit = 0; bit < token.length * 8; bit++) {
      byte[] changed = token.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
      assertThat(ConsistencyToken.decode(text, TOPIC)).as(text).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "AQ", "AQAAAAA", "not a token", "\u00e9", "0", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void what_was_never_one_is_none(String text) {
    assertThat(ConsistencyToken.decode(text, TOPIC)).isNull();
  }
}
