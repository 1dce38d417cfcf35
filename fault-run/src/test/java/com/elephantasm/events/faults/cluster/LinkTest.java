package com.elephantasm.events.faults.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LinkTest {
  private final ServerSocket echo = echo();
  private Link link = new Link("test", Ports.free(), echo.getLocalPort());

  private static ServerSocket echo() {
    try {
      ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(() -> {
        while (!server.isClosed()) {
          try {
            Socket client = server.accept();
            Thread.ofVirtual().start(() -> echo(client));
          } catch (IOException _) {
            LockSupport.parkNanos(1);
          }
        }
      });
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void echo(Socket client) {
    try (client; InputStream in = client.getInputStream()) {
      in.transferTo(client.getOutputStream());
    } catch (IOException _) {
      // The test has ended it.
    }
  }

  @BeforeEach
  void isOpen() throws IOException {
    try (Socket socket = connect()) {
      assertThat(exchange(socket, "hello")).isEqualTo("hello");
    }
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    echo.close();
  }

  @Test
  void what_is_held_arrives_when_it_is_released() throws IOException {
    try (Socket socket = connect()) {
      link.hold();
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> exchange(socket, "later")).isInstanceOf(SocketTimeoutException.class);
      link.release();
      socket.setSoTimeout(10_000);
      assertThat(read(socket, 5)).isEqualTo("later");
    }
  }

  @Test
  void a_cut_ends_connections_and_lets_no_new_one_through_until_it_is_mended() throws IOException {
    try (Socket old = connect()) {
      assertThat(exchange(old, "hello")).isEqualTo("hello");
      link.cut();
      assertThat(ends(old)).isTrue();
      try (Socket late = connect()) {
        assertThat(ends(late)).isTrue();
      }
      link.mend();
      try (Socket again = connect()) {
        assertThat(exchange(again, "again")).isEqualTo("again");
      }
    }
  }

  /** Many, as what is held has only the moment between the cut and its connection's end to slip through. */
  @Test
  void what_is_held_when_its_connection_is_cut_never_arrives() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      sockets.add(connect());
      assertThat(exchange(sockets.getLast(), "hello")).isEqualTo("hello");
    }
    link.hold();
    for (Socket socket : sockets) {
      socket.getOutputStream().write(1);
    }
    link.cut();
    for (Socket socket : sockets) {
      assertThat(ends(socket)).isTrue();
      socket.close();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String exchange(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    return read(socket, text.length());
  }

  private static String read(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
  }

  /** By its end or by a reset. */
  private static boolean ends(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }
}
