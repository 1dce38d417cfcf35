package com.elephantasm.events.writer.store;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Columns of rows as arrays, so that a statement takes any number of rows, and values out of result sets. */
final class Sql {
  private Sql() {}

  /** One column of many rows, as text that the statement casts: PostgreSQL reads it as it would a literal. */
  static <R> @Nullable String[] column(Collection<R> rows, Function<? super R, ? extends @Nullable Object> value) {
    @Nullable
    String[] column = new String[rows.size()];
    int i = 0;
    for (R row : rows) {
      column[i++] = Objects.toString(value.apply(row), null);
    }
    return column;
  }

  /** Text that can be stored, of text that may quote hostile input. */
  static String printable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '\uFFFD');
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static UUID uuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  static Position position(ResultSet row, String prefix) throws SQLException {
    return new Position(row.getInt(prefix + "_partition"), row.getLong(prefix + "_offset"));
  }
}
