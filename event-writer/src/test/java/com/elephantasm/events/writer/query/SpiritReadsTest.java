package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SpiritReadsTest extends QueryIntegrationTest {
  /** Later than all that other tests insert, so that these come first. */
  private UUID insert(String createdAt, boolean deleted) {
    UUID id = UUID.randomUUID();
    jdbc.sql("""
        INSERT INTO spirits (id, name, description, metadata, created_at, updated_at, is_deleted, created_partition,
          created_offset, changed_partition, changed_offset)
        VALUES (:id, 'Ada 😀', NULL, '{"n":12345678901234567890}', CAST(:createdAt AS timestamptz),
          CAST(:createdAt AS timestamptz), :deleted, 1, 1, 1, 1)
        """).param("id", id).param("createdAt", createdAt).param("deleted", deleted).update();
    return id;
  }

  @Test
  void a_spirit_is_found_by_its_id() {
    UUID id = insert("2026-01-01T00:00:00.123Z", false);
    assertThat(get("/api/v1/spirits/" + id).body()).isEqualTo("""
        {"id":"%s","name":"Ada 😀","description":null,"metadata":{"n":12345678901234567890},\
        "created_at":"2026-01-01T00:00:00.123Z","updated_at":"2026-01-01T00:00:00.123Z","is_deleted":false}"""
        .formatted(id));
  }

  @Test
  void a_spirit_that_is_not_there_or_deleted_is_an_unknown_spirit() {
    UUID deleted = insert("2026-01-01T00:00:00Z", true);
    for (UUID id : List.of(UUID.randomUUID(), deleted)) {
      HttpResponse<String> response = get("/api/v1/spirits/" + id);
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(problemType(response)).isEqualTo("unknown-spirit");
    }
    assertThat(get("/api/v1/spirits/" + deleted + "?include_deleted=true").statusCode()).isEqualTo(200);
  }

  @Test
  void spirits_are_listed_newest_first_in_pages() {
    List<UUID> created = new ArrayList<>();
    for (int i = 10; i < 60; i++) {
      // Five of one moment each, so that page ends fall among ties.
      created.add(insert("9000-01-01T00:00:%d.5Z".formatted(i / 5 + 10), false));
    }
    UUID deleted = insert("9000-01-01T00:00:40Z", true);
    List<UUID> listed = ids("/api/v1/spirits?limit=50");
    assertThat(listed).hasSize(50).doesNotContain(deleted).containsAll(created);
    assertThat(listed).extracting(created::indexOf).extracting(place -> (place + 10) / 5)
        .isSortedAccordingTo((a, b) -> Integer.compare(b, a));
    assertThat(ids("/api/v1/spirits?include_deleted=true&limit=1")).containsExactly(deleted);
    assertThat(ids("/api/v1/spirits?offset=48&limit=2")).isEqualTo(listed.subList(48, 50));

    List<UUID> walked = new ArrayList<>();
    String page = "/api/v1/spirits?limit=7";
    while (walked.size() < 50) {
      HttpResponse<String> response = get(page);
      walked.addAll(ids(response));
      page = String.valueOf(next(response));
      insert("9999-01-01T00:00:00Z", false);
    }
    assertThat(walked.subList(0, 50)).isEqualTo(listed);
  }
}
