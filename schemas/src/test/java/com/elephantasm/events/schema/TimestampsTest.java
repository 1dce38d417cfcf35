package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class TimestampsTest {
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");
  private static final ContractSchema SCHEMA = ContractSchema.of("types.schema.json#/$defs/Timestamp");

  @Test
  void every_day_of_the_calendar_exists_and_no_other() {
    for (int year : List.of(0, 1, 4, 100, 400, 1582, 1700, 1900, 1999, 2000, 2023, 2024, 2100, 9996, 9999)) {
      for (int month = 0; month <= 13; month++) {
        for (int day = 0; day <= 32; day++) {
          String text = "%04d-%02d-%02dT12:30:59Z".formatted(year, month, day);
          assertThat(accepted(text)).as(text).isEqualTo(year > 0 && exists(year, month, day));
        }
      }
    }
  }

  private static boolean exists(int year, int month, int day) {
    try {
      LocalDate.of(year, month, day);
      return true;
    } catch (DateTimeException _) {
      return false;
    }
  }

  /** Whether schema and code both accept it; they must not differ. */
  private static boolean accepted(String text) {
    boolean byCode = Timestamps.parse(text) != null;
    assertThat(SCHEMA.accepts(JsonNodeFactory.instance.stringNode(text))).as(text).isEqualTo(byCode);
    return byCode;
  }

  @ParameterizedTest
  @CsvSource({"2024-05-15T15:00:01Z, 2024-05-15T15:00:01Z", "2024-05-15t15:00:01z, 2024-05-15T15:00:01Z",
      "2024-05-15 15:00:01, 2024-05-15T15:00:01Z", "2024-05-15T15:00:01+02:00, 2024-05-15T13:00:01Z",
      "2024-05-15T15:00:01-00:00, 2024-05-15T15:00:01Z", "2024-05-15T15:00:01+23:59, 2024-05-14T15:01:01Z",
      "2024-12-31T23:59:59-23:59, 2025-01-01T23:58:59Z", "2024-02-29T00:00:00-18:01, 2024-02-29T18:01:00Z",
      "2024-05-15T15:00:01.1, 2024-05-15T15:00:01.1Z", "2024-05-15T15:00:01.123456789Z, 2024-05-15T15:00:01.123456Z",
      "1969-12-31T23:59:59.9999999Z, 1969-12-31T23:59:59.999999Z",
      "2024-05-15T15:00:01.00000099999999999999999999999999999999999999999999, 2024-05-15T15:00:01Z",
      "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999, 9999-12-31T23:59:59.999999Z",
      "9999-12-31T23:59:59+00:00, 9999-12-31T23:59:59Z", "0002-01-01T00:00:00+23:59, 0001-12-31T00:01:00Z"})
  void a_timestamp_is_its_moment_to_the_microsecond(String text, Instant moment) {
    assertThat(accepted(text)).isTrue();
    assertThat(Timestamps.parse(text)).isEqualTo(moment);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2024-05-15", "2024-05-15T15:00", "2024-05-15T15:00Z", "2024-05-15T24:00:00Z",
      "2024-05-15T23:60:00Z", "2016-12-31T23:59:60Z", "2024-05-15T15:00:01+24:00", "2024-05-15T15:00:01-24:00",
      "2024-05-15T15:00:01+00:60", "2024-05-15T15:00:01+0200", "2024-05-15T15:00:01+02", "2024-05-15T15:00:01.Z",
      "2024-05-15T15:00:01,5Z", "2024-05-15T15:00:01Z\n", "2024-05-15T15:00:01\r", "2024-05-15T15:00:01Z\u2028",
      " 2024-05-15T15:00:01Z", "2024-05-15  15:00:01Z", "2024-5-15T15:00:01Z", "24-05-15T15:00:01Z",
      "+2024-05-15T15:00:01Z", "-2024-05-15T15:00:01Z", "12024-05-15T15:00:01Z", "20240515T150001Z",
      "2024-W20-3T15:00:01Z", "٢٠٢٤-05-15T15:00:01Z", "2024-05-15T15:00:01 Z", "0001-01-01T00:00:00+00:01",
      "9999-12-31T23:59:59-00:01", "2024-05-15T15:00:01.000000000000000000000000000000000000000000000000001Z",
      "1715785201"})
  void anything_else_is_not_a_timestamp(String text) {
    assertThat(accepted(text)).isFalse();
  }

  @Test
  void a_moment_is_written_as_java_writes_it() {
    Random random = new Random(1);
    Stream<Instant> any = random.longs(10_000, FIRST.getEpochSecond(), LAST.getEpochSecond())
        .mapToObj(second -> Instant.ofEpochSecond(second, fraction(random)));
    Stream<Instant> others = Stream.of(FIRST, LAST, FIRST.minusNanos(1000), LAST.plusNanos(1000), Instant.EPOCH,
        Instant.MIN, Instant.MAX, Instant.EPOCH.plusNanos(1), Instant.parse("0000-01-01T00:00:00Z"));
    assertThat(Stream.concat(any, others)).allSatisfy(
        moment -> assertThat(Timestamps.format(moment)).isEqualTo(moment.toString()));
  }

  private static int fraction(Random random) {
    return random.nextInt(1000) * (int) Math.pow(1000, random.nextInt(3));
  }
}
