package com.elephantasm.events.writer.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TailCursorTest {
  private static final UUID TOPIC = UUID.fromString("4ed77144-2596-5006-899e-2dbe2ab3832e");
  private static final TailCursor CURSOR = TailCursor.START.withLate(3).withNext(new TopicPartition(TOPIC, 0), 10)
      .withNext(new TopicPartition(TOPIC, 2), 20_000);

  @Test
  void a_cursor_reads_back_the_same() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      TailCursor cursor = new TailCursor(random.nextLong() >>> random.nextInt(1, 64), new TreeMap<>());
      for (int topics = random.nextInt(4); topics > 0; topics--) {
        UUID topic = new UUID(random.nextLong(), random.nextLong());
        for (int partitions = random.nextInt(5); partitions > 0; partitions--) {
          cursor = cursor.withNext(new TopicPartition(topic, random.nextInt(Integer.MAX_VALUE)),
              random.nextLong() >>> random.nextInt(1, 64));
        }
      }
      assertThat(TailCursor.decode(cursor.encoded())).isEqualTo(cursor);
    }
    assertThat(TailCursor.decode(TailCursor.START.encoded())).isEqualTo(TailCursor.START);
  }

  @Test
  void the_text_of_a_cursor_never_changes_as_clients_keep_it() {
    assertThat(CURSOR.encoded()).isEqualTo("AUVrUe8DTtdxRCWWUAaJni2-KrODLgIACgKgnAE");
    assertThat(CURSOR.encoded()).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void anything_else_is_none() {
    String text = CURSOR.encoded();
    for (String other : new String[]{"", "a", "0", "null", "ünïcode", text + "A", " " + text, text + ",", "AQ",
        "AQAAAAA"}) {
      assertThat(TailCursor.decode(other)).as(other).isNull();
    }
    for (int i = 1; i < text.length(); i++) {
      assertThat(TailCursor.decode(text.substring(0, i))).isNull();
    }
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      assertThat(TailCursor.decode(Base64.getUrlEncoder().withoutPadding().encodeToString(changed))).isNull();
    }
  }

  @Test
  void the_greater_of_two_is_as_far_as_each_of_them_in_every_partition() {
    TailCursor other = TailCursor.START.withLate(1).withNext(new TopicPartition(TOPIC, 0), 11)
        .withNext(new TopicPartition(TOPIC, 1), 5);
    assertThat(CURSOR.max(other)).isEqualTo(other.max(CURSOR)).isEqualTo(
        CURSOR.withNext(new TopicPartition(TOPIC, 0), 11).withNext(new TopicPartition(TOPIC, 1), 5));
    assertThat(CURSOR.max(TailCursor.START)).isSameAs(CURSOR);
  }

  @Test
  void a_hundred_partitions_fit_into_a_header() {
    TailCursor cursor = TailCursor.START;
    for (int i = 0; i < 100; i++) {
      cursor = cursor.withNext(new TopicPartition(TOPIC, i), 1_000_000_000_000L);
    }
    assertThat(cursor.encoded().length()).isLessThan(1100);
  }
}
