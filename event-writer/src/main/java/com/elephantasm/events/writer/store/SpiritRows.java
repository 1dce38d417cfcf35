package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.Sql.column;

import com.elephantasm.events.schema.SpiritId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of spirits. Every call joins the caller's transaction. */
final class SpiritRows {
  private final JdbcClient jdbc;

  SpiritRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<SpiritRow> find(Collection<SpiritId> ids) {
    return jdbc.sql("SELECT * FROM spirits WHERE id = ANY (:ids::uuid[])").param("ids", column(ids, id -> id))
        .query(SpiritRows::row).list();
  }

  /** Finds them for a change, in the order of their ids, so that two writers never wait for each other in a circle. */
  List<SpiritRow> lock(Collection<SpiritId> ids) {
    return jdbc.sql("SELECT * FROM spirits WHERE id = ANY (:ids::uuid[]) ORDER BY id FOR UPDATE")
        .param("ids", column(ids, id -> id)).query(SpiritRows::row).list();
  }

  /**
   * Holds the place of spirits that are not there until the transaction ends. Without it, a transaction that creates a spirit
   * and one that puts an event for it aside, on two partitions, could miss each other's rows, and the event would wait for ever.
   */
  void holdPlaces(Collection<SpiritId> ids) {
    jdbc.sql("""
        SELECT count(pg_advisory_xact_lock(key))
        FROM (SELECT DISTINCT hashtextextended(id, 0) AS key FROM unnest(:ids::text[]) AS id ORDER BY key) AS keys
        """).param("ids", column(ids, id -> id)).query(Long.class).single();
  }

  void save(Collection<SpiritRow> rows) {
    jdbc.sql("""
        INSERT INTO spirits (id, name, description, metadata, created_at, updated_at, is_deleted,
          created_partition, created_offset, changed_partition, changed_offset)
        SELECT * FROM unnest(:ids::uuid[], :names::text[], :descriptions::text[], :metadata::json[],
          :createdAt::timestamptz[], :updatedAt::timestamptz[], :deleted::boolean[],
          :createdPartitions::integer[], :createdOffsets::bigint[], :changedPartitions::integer[], :changedOffsets::bigint[])
        ORDER BY 1
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description,
          metadata = excluded.metadata, updated_at = excluded.updated_at, is_deleted = excluded.is_deleted,
          changed_partition = excluded.changed_partition, changed_offset = excluded.changed_offset
        """).param("ids", column(rows, row -> row.spirit().id()))
        .param("names", column(rows, row -> row.spirit().name()))
        .param("descriptions", column(rows, row -> row.spirit().description()))
        .param("metadata", column(rows, row -> row.spirit().metadata().json()))
        .param("createdAt", column(rows, row -> row.spirit().createdAt()))
        .param("updatedAt", column(rows, row -> row.spirit().updatedAt()))
        .param("deleted", column(rows, row -> row.spirit().isDeleted()))
        .param("createdPartitions", column(rows, row -> row.created().partition()))
        .param("createdOffsets", column(rows, row -> row.created().offset()))
        .param("changedPartitions", column(rows, row -> row.changed().partition()))
        .param("changedOffsets", column(rows, row -> row.changed().offset())).update();
  }

  private static SpiritRow row(ResultSet row, int number) throws SQLException {
    return new SpiritRow(StoredRows.spirit(row), Sql.position(row, "created"), Sql.position(row, "changed"));
  }
}
