package com.elephantasm.events.benchmarks.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Drives connections to a server, each with one request at a time: the next goes out when the last is answered in full. One thread
 * serves them all, so that the load takes as little of the machine as it can from what is measured.
 */
final class ClosedLoop {
  private static final int BUFFER_SIZE = 64 * 1024;

  private final int count;
  private final IntFunction<byte[]> requests;
  private final byte[] received = new byte[BUFFER_SIZE];
  private final Map<Integer, Long> statuses = new TreeMap<>();
  private final long[] nanoseconds;
  private int sent;
  private int done;

  private ClosedLoop(int count, IntFunction<byte[]> requests) {
    this.count = count;
    this.requests = requests;
    this.nanoseconds = new long[count];
  }

  /**
   * @param requests all bytes of each by its number, from 0 on
   * @throws IOException where a connection breaks: then nothing was measured
   */
  static LoadResult run(InetSocketAddress server, int connections, int count, IntFunction<byte[]> requests)
      throws IOException {
    return new ClosedLoop(count, requests).run(server, Math.min(connections, count));
  }

  private LoadResult run(InetSocketAddress server, int connections) throws IOException {
    List<Connection> open = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        open.add(Connection.open(server, selector));
      }
      long start = System.nanoTime();
      for (Connection connection : open) {
        connection.send(requests.apply(sent++));
      }
      while (done < count) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          serve((Connection) key.attachment());
        }
        selector.selectedKeys().clear();
      }
      return LoadResult.of(statuses, System.nanoTime() - start, nanoseconds);
    } finally {
      for (Connection connection : open) {
        connection.channel.close();
      }
    }
  }

  private void serve(Connection connection) throws IOException {
    connection.write();
    if (!connection.read(received)) {
      return;
    }
    nanoseconds[done++] = System.nanoTime() - connection.sentAt;
    statuses.merge(connection.response.status(), 1L, Long::sum);
    connection.response.clear();
    if (sent < count) {
      connection.send(requests.apply(sent++));
    }
  }

  private static final class Connection {
    final SocketChannel channel;
    final ResponseReader response = new ResponseReader();
    private final SelectionKey key;
    private ByteBuffer request = ByteBuffer.allocate(0);
    private long sentAt;

    private Connection(SocketChannel channel, Selector selector) throws IOException {
      this.channel = channel;
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    static Connection open(InetSocketAddress server, Selector selector) throws IOException {
      return new Connection(SocketChannel.open(server), selector);
    }

    void send(byte[] bytes) throws IOException {
      request = ByteBuffer.wrap(bytes);
      sentAt = System.nanoTime();
      write();
    }

    /** As much as the system takes; it says when it takes more. */
    void write() throws IOException {
      if (request.hasRemaining()) {
        channel.write(request);
        key.interestOps(request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
      }
    }

    /** @return whether the response is there in full */
    boolean read(byte[] into) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(into);
      int count = channel.read(buffer);
      if (count < 0) {
        throw new EOFException("the server has closed a connection, after " + response.text());
      }
      return count > 0 && response.add(into, count);
    }
  }
}
