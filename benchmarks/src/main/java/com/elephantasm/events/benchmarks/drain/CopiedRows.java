package com.elephantasm.events.benchmarks.drain;

import com.elephantasm.events.benchmarks.servers.Database;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

/**
 * The rows of a store that the writer has filled, in the binary format of COPY and in memory, ready to be sent: what the server can
 * take, with a client that does nothing but send.
 *
 * <p>
 * They are in batches in the order of the log, and within a batch in the order of their ids, which the indexes like best. Each is
 * one COPY and one transaction.
 */
final class CopiedRows {
  static final int BATCH = 10_000;

  private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
  private static final int CHUNK = 64 * 1024;
  private static final int NO_MORE_ROWS = -1;

  private final List<byte[]> batches;
  private final int rows;

  private CopiedRows(List<byte[]> batches, int rows) {
    this.batches = batches;
    this.rows = rows;
  }

  static CopiedRows of(Database full) throws SQLException, IOException {
    String query = """
        COPY (
          SELECT events.* FROM events JOIN (
            SELECT id, (row_number() OVER (ORDER BY created_offset, created_partition) - 1) / %d AS batch FROM events
          ) AS placed ON placed.id = events.id
          ORDER BY placed.batch, events.id
        ) TO STDOUT (FORMAT binary)
        """.formatted(BATCH);
    try (Connection connection = full.connect();
        DataInputStream in = new DataInputStream(new BufferedInputStream(
            new PGCopyInputStream(connection.unwrap(PGConnection.class), query), CHUNK))) {
      return read(in);
    }
  }

  private static CopiedRows read(DataInputStream in) throws IOException {
    in.skipNBytes(SIGNATURE.length + Integer.BYTES);
    in.skipNBytes(in.readInt());
    List<byte[]> batches = new ArrayList<>();
    ByteArrayOutputStream batch = new ByteArrayOutputStream();
    int rows = 0;
    for (int columns = in.readShort(); columns != NO_MORE_ROWS; columns = in.readShort()) {
      DataOutputStream out = new DataOutputStream(batch);
      if (rows % BATCH == 0) {
        out.write(SIGNATURE);
        out.writeLong(0);
      }
      out.writeShort(columns);
      for (int column = 0; column < columns; column++) {
        int length = in.readInt();
        out.writeInt(length);
        out.write(in.readNBytes(Math.max(0, length)));
      }
      if (++rows % BATCH == 0) {
        end(batch, batches);
      }
    }
    if (rows % BATCH > 0) {
      end(batch, batches);
    }
    return new CopiedRows(batches, rows);
  }

  private static void end(ByteArrayOutputStream batch, List<byte[]> batches) throws IOException {
    new DataOutputStream(batch).writeShort(NO_MORE_ROWS);
    batches.add(batch.toByteArray());
    batch.reset();
  }

  /** @return rows/s, from the first byte that is sent to the last commit */
  double copyInto(Database store, int connections) throws Exception {
    List<Connection> open = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      for (int i = 0; i < connections; i++) {
        open.add(store.connect());
      }
      AtomicInteger next = new AtomicInteger();
      List<Callable<Long>> senders = open.stream().<Callable<Long>>map(one -> () -> send(one, next)).toList();
      long start = System.nanoTime();
      long sent = 0;
      for (Future<Long> sender : threads.invokeAll(senders)) {
        sent += sender.get();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      requireStored(store, sent);
      return sent / seconds;
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
  }

  private long send(Connection connection, AtomicInteger next) throws SQLException, IOException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    long sent = 0;
    for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
      sent += postgres.getCopyAPI().copyIn("COPY events FROM STDIN (FORMAT binary)",
          new ByteArrayInputStream(batches.get(i)), CHUNK);
    }
    return sent;
  }

  private void requireStored(Database store, long sent) throws SQLException {
    long stored = store.number("SELECT count(*) FROM events");
    if (sent != rows || stored != rows) {
      throw new IllegalStateException("%,d rows were sent of %,d, and %,d stored".formatted(sent, rows, stored));
    }
  }
}
