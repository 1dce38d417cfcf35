package com.elephantasm.events.benchmarks.sink;

import com.elephantasm.events.benchmarks.servers.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.UUID;

/** Looks again and again whether the sink has stored all there is, by the clock of the server. */
final class SinkWatch {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  private static final int LOOKS_BETWEEN_CHECKS = 100;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Database store;
  private final UUID[] last;

  /** @param last the keys of the rows that come last in each partition */
  SinkWatch(Database store, UUID[] last) {
    this.store = store;
    this.last = last;
  }

  /** Asked now and then; throws where waiting makes no sense any more. */
  @FunctionalInterface
  interface Check {
    void run() throws Exception;
  }

  /** When it was seen that something is there, and when it was seen last that it is not. */
  private record Seen(double absentAt, double presentAt) {}

  /**
   * From the first commit that was seen to the last, as of the writer.
   *
   * @return rows/s, without those of the first commit: when they were begun was not seen
   * @throws IllegalStateException if it takes over ten minutes
   */
  double await(Check check) throws Exception {
    try (Connection connection = store.connect();
        PreparedStatement any = connection.prepareStatement(
            "SELECT extract(epoch FROM clock_timestamp()), EXISTS (SELECT FROM events)");
        PreparedStatement count = connection.prepareStatement(
            "SELECT extract(epoch FROM clock_timestamp()), count(*) FROM events");
        PreparedStatement all = connection.prepareStatement("""
            SELECT extract(epoch FROM clock_timestamp()),
              (SELECT count(*) FROM events WHERE id = ANY (?)) = cardinality(?)
            """)) {
      all.setArray(1, connection.createArrayOf("uuid", last));
      all.setArray(2, connection.createArrayOf("uuid", last));
      double absentAt = awaitTrue(any, check).absentAt;
      // With the time of the count, as more rows may have come since they were first seen.
      double countedAt;
      long counted;
      try (ResultSet row = count.executeQuery()) {
        row.next();
        countedAt = row.getDouble(1);
        counted = row.getLong(2);
      }
      Seen end = awaitTrue(all, check);
      long rows = store.number("SELECT count(*) FROM events");
      // Of so few that one commit had all of them, only the look before it says when they began.
      return counted < rows ? (rows - counted) / (end.presentAt - countedAt) : rows / (end.presentAt - absentAt);
    }
  }

  private static Seen awaitTrue(PreparedStatement query, Check check) throws Exception {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    double absentAt = Double.NaN;
    for (int looks = 1; System.nanoTime() < deadline; looks++) {
      try (ResultSet row = query.executeQuery()) {
        row.next();
        if (row.getBoolean(2)) {
          return new Seen(absentAt, row.getDouble(1));
        }
        absentAt = row.getDouble(1);
      }
      if (looks % LOOKS_BETWEEN_CHECKS == 0) {
        check.run();
      }
      // Nobody tells when a row changes; looking without a pause would slow down what is measured.
      Thread.sleep(BETWEEN_LOOKS);
    }
    throw new IllegalStateException("the sink has not stored all of the topic in " + LONGEST);
  }
}
