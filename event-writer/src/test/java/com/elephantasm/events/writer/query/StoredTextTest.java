package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is in the rows comes out as it is, whichever way it is read. */
class StoredTextTest extends QueryIntegrationTest {
  @Test
  void every_unicode_scalar_value_but_nul_comes_back() {
    StringBuilder all = new StringBuilder();
    for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        all.appendCodePoint(c);
      }
    }
    UUID id = event().content(all.toString()).insert();
    assertThat(json(get("/api/v1/events/" + id)).get("content").asString().contentEquals(all)).isTrue();
    assertThat(json(get(events())).get(0).get("content").asString().contentEquals(all)).isTrue();
  }

  @Test
  void metadata_comes_back_letter_by_letter() {
    String deep = "{\"a\":".repeat(899) + "{}" + "}".repeat(899);
    String metadata = "{\"z\":12345678901234567890,\"a\":1.0,\"b\":1e2,\"c\":-0.0,\"ü😀\":\"\\u0001ü😀\",\"deep\":"
        + deep + "}";
    UUID id = event().metadata(metadata).insert();
    assertThat(get("/api/v1/events/" + id).body()).contains("\"metadata\":" + metadata + ",");
    assertThat(get(events()).body()).contains("\"metadata\":" + metadata + ",");
  }

  /** More than five times each: the driver reads in text first and in binary then. */
  @Test
  void times_come_back_to_the_microsecond_from_the_first_year_to_the_last() {
    for (String time : new String[]{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000001Z", "1582-10-10T12:00:00.5Z",
        "1883-11-18T15:00:00.123456Z", "1969-12-31T23:59:59.999999Z", "2026-03-08T05:30:00.100001Z",
        "9999-12-31T23:59:59.999999Z"}) {
      String shown = Instant.parse(time).toString();
      UUID id = event().occurredAt(time).insert();
      for (int i = 0; i < 8; i++) {
        assertThat(json(get("/api/v1/events/" + id)).get("occurred_at").asString()).isEqualTo(shown);
        assertThat(ids(events("since", time, "limit", "200"))).as("since " + time).contains(id);
        assertThat(ids(events("until", time, "limit", "200"))).as("until " + time).doesNotContain(id);
      }
    }
    assertThat(walk(events("limit", "1"), () -> {})).hasSize(7).isEqualTo(ids(events()));
  }

  @Test
  void scores_come_back_to_the_bit() {
    for (double score : new double[]{0, 1, 0.1, 1.0 / 3, Math.nextUp(0.0), Math.nextDown(1.0)}) {
      UUID id = event().importance(score).insert();
      for (int i = 0; i < 8; i++) {
        assertThat(json(get("/api/v1/events/" + id)).get("importance_score").asDouble()).isEqualTo(score);
      }
    }
  }
}
