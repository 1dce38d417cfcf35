package com.elephantasm.events.writer.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.servers.TestPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** On a database of its own: the partitions that other tests make up would be in every cursor. */
class TailMemoryTest extends TailIntegrationTest {
  private static final int TAILS = 1000;
  private static final long MEGABYTE = 1024 * 1024;

  /** Both ends of the connections are in this process, so a tail costs a little less than what is measured. */
  @Test
  void a_thousand_idle_tails_cost_less_than_100_MB() throws Exception {
    try (TestPostgres postgres = TestPostgres.start();
        ConfigurableApplicationContext writer = writer(postgres)) {
      measure(port(writer));
    }
  }

  private static void measure(int port) throws IOException {
    // What the first one loads stays.
    try (Socket first = open(port)) {
      awaitBegin(first);
    }
    long before = heap();
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < TAILS; i++) {
        clients.add(open(port));
      }
      for (Socket client : clients) {
        awaitBegin(client);
      }
      long each = (heap() - before) / TAILS;
      assertThat(each * TAILS).isLessThan(100 * MEGABYTE);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private static Socket open(int port) throws IOException {
    Socket client = new Socket("127.0.0.1", port);
    client.setSoTimeout(60_000);
    client.getOutputStream().write(("GET /api/v1/events/stream?agent_id=%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        .formatted(UUID.randomUUID())).getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  private static void awaitBegin(Socket client) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf("id: ") < 0) {
      int next = client.getInputStream().read();
      assertThat(next).as("%s", read).isNotNegative();
      read.append((char) next);
    }
  }

  /** Once it stays the same from one collection to the next. */
  private static long heap() {
    long used = Long.MAX_VALUE;
    long before;
    do {
      before = used;
      System.gc();
      used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    } while (used < before - MEGABYTE);
    return used;
  }
}
