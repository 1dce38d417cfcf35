package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.store.StoredRows;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads spirits from the store. Each call is one read-only transaction of bounded duration. */
final class SpiritQueries {
  private final JdbcClient jdbc;
  private final ReadTransactions transactions;

  SpiritQueries(JdbcClient jdbc, ReadTransactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /** The spirit as it is stored, deleted or not. */
  Optional<Spirit> find(SpiritId id) {
    return transactions.read(() -> jdbc.sql("""
        SELECT id, name, description, metadata, created_at, updated_at, is_deleted
        FROM spirits
        WHERE id = :id
        """).param("id", id.value()).query((row, _) -> StoredRows.spirit(row)).optional());
  }

  /** At most {@code limit} of the spirits that the caller may see, newest first, and whether there are more. */
  Page<Spirit> page(Caller caller, boolean includeDeleted, @Nullable SpiritCursor after, long offset, int limit) {
    List<Spirit> rows = transactions.read(() -> jdbc.sql(listing(caller, after))
        .paramSource(parameters(caller, includeDeleted, after, offset, limit + 1))
        .query((row, _) -> StoredRows.spirit(row))
        .list());
    boolean more = rows.size() > limit;
    return new Page<>(more ? rows.subList(0, limit) : rows, more ? cursor(rows.get(limit - 1)).encoded() : null);
  }

  static String listing(Caller caller, @Nullable SpiritCursor after) {
    return """
        SELECT id, name, description, metadata, created_at, updated_at, is_deleted
        FROM spirits
        WHERE (:includeDeleted OR NOT is_deleted)
        """ + VisibleSpirits.condition(caller, "id")
        + (after == null ? "" : "AND (created_at, id) < (:afterCreatedAt, :afterId)\n") + """
        ORDER BY created_at DESC, id DESC
        LIMIT :limit OFFSET :offset
        """;
  }

  static MapSqlParameterSource parameters(Caller caller, boolean includeDeleted, @Nullable SpiritCursor after,
      long offset,
      int limit) {
    MapSqlParameterSource parameters = new MapSqlParameterSource("includeDeleted", includeDeleted)
        .addValue("visible", VisibleSpirits.of(caller)).addValue("limit", limit).addValue("offset", offset);
    return after == null
        ? parameters
        : parameters.addValue("afterCreatedAt", after.createdAt().atOffset(ZoneOffset.UTC)).addValue("afterId",
            after.id());
  }

  private static SpiritCursor cursor(Spirit spirit) {
    return new SpiritCursor(spirit.createdAt(), spirit.id().value());
  }
}
