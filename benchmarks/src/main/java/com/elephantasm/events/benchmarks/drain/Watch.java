package com.elephantasm.events.benchmarks.drain;

import com.elephantasm.events.benchmarks.servers.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks again and again at how far the writer has come, by the clock of the server. */
final class Watch {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  private static final Duration LONGEST_STANDSTILL = Duration.ofMinutes(3);

  private final Database store;
  private final long records;

  /** @param records that the topic has; the watch ends when all of them are applied */
  Watch(Database store, long records) {
    this.store = store;
    this.records = records;
  }

  /**
   * From the first commit that was seen to the last.
   *
   * @param rate records/s, without those of the first commit: when they were begun was not seen
   */
  record Drained(double seconds, double rate, double rateOfSecondHalf) {}

  private record Look(double seconds, long applied) {
    double rateUntil(Look later) {
      return (later.applied - applied) / (later.seconds - seconds);
    }
  }

  /** @throws IllegalStateException if nothing moves for three minutes */
  Drained await() throws SQLException, InterruptedException {
    try (Connection connection = store.connect(); PreparedStatement query = connection.prepareStatement("""
        SELECT extract(epoch FROM clock_timestamp()) AS seconds, sum(next_offset) AS applied FROM log_partitions
        """)) {
      List<Look> moves = new ArrayList<>();
      Look before = look(query);
      Look last = before;
      while (last.applied < records) {
        // Nobody tells when a row changes; looking without a pause would slow down what is measured.
        Thread.sleep(BETWEEN_LOOKS);
        Look now = look(query);
        if (now.applied > last.applied) {
          moves.add(now);
          last = now;
        } else if (now.seconds - last.seconds > LONGEST_STANDSTILL.toSeconds()) {
          throw new IllegalStateException(
              "the writer stands still at %,d of %,d records".formatted(now.applied, records));
        } else if (moves.isEmpty()) {
          before = now;
        }
      }
      // Of so few that one commit had all of them, only the look before it says when they began.
      Look first = moves.size() == 1 ? before : moves.getFirst();
      Look middle = moves.size() == 1 ? before : middle(moves);
      return new Drained(last.seconds - first.seconds, first.rateUntil(last), middle.rateUntil(last));
    }
  }

  private Look middle(List<Look> moves) {
    return moves.stream().limit(moves.size() - 1L).filter(look -> look.applied >= records / 2).findFirst()
        .orElse(moves.getFirst());
  }

  private static Look look(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      row.next();
      return new Look(row.getDouble("seconds"), row.getLong("applied"));
    }
  }
}
