package com.elephantasm.events.ingest;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An upload over a connection of its own, which is read while it is sent, as HTTP clients mostly cannot. */
final class LiveUpload implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private @Nullable BufferedReader receipts;
  private @Nullable String head;

  /** @param headers names and values in turn */
  LiveUpload(int port, String... headers) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(60_000);
      socket.setTcpNoDelay(true);
      out = socket.getOutputStream();
      in = new BufferedInputStream(socket.getInputStream());
      StringBuilder request = new StringBuilder("POST /api/v1/events/batch HTTP/1.1\r\nHost: x\r\n"
          + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n");
      for (int i = 0; i < headers.length; i += 2) {
        request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
      }
      out.write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LiveUpload send(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  LiveUpload send(byte[] bytes) {
    try {
      trySend(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** For servers that may not read all. */
  void trySend(byte[] bytes) throws IOException {
    out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.write(bytes);
    out.write("\r\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Sends bytes that are no chunk. */
  LiveUpload sendRaw(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LiveUpload finish() {
    return sendRaw("0\r\n\r\n");
  }

  /** Sends no more, without having said that this was all. */
  LiveUpload breakOff() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Status line and headers. */
  String head() {
    reader();
    return String.valueOf(head);
  }

  private BufferedReader reader() {
    BufferedReader reader = receipts;
    if (reader == null) {
      try {
        StringBuilder read = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
          read.append((char) c);
          if (read.indexOf("\r\n\r\n") >= 0) {
            break;
          }
        }
        head = read.toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      reader = new BufferedReader(new InputStreamReader(new Chunks(in), StandardCharsets.UTF_8));
      receipts = reader;
    }
    return reader;
  }

  /** The next line of the answer; null at its end. */
  @Nullable
  JsonNode receipt() {
    try {
      String line = reader().readLine();
      return line == null ? null : JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All lines that follow, the summary last. */
  List<JsonNode> receipts() {
    List<JsonNode> all = new ArrayList<>();
    for (JsonNode receipt = receipt(); receipt != null; receipt = receipt()) {
      all.add(receipt);
    }
    return all;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Undoes the chunks of HTTP/1.1. */
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private int left;
    private boolean ended;

    Chunks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0 && !ended) {
        String size = line();
        left = Integer.parseInt(size.isEmpty() ? line() : size, 16);
        ended = left == 0;
      }
      if (ended) {
        return -1;
      }
      int read = in.read(target, offset, Math.min(length, left));
      if (read < 0) {
        throw new IOException("the answer broke off");
      }
      left -= read;
      return read;
    }

    @Override
    public int available() throws IOException {
      return Math.min(left, in.available());
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the answer broke off");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }
  }
}
