package com.elephantasm.events.faults.load;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One upload of NDJSON over a connection of its own, whose receipts are read while the lines are sent; Java's HTTP client reads
 * nothing before it has sent everything. It may be cut off after any line, or within one.
 */
final class Upload {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int SILENCE_MILLIS = 12_000;
  private static final int LINES_AT_ONCE = 20;
  private static final int LONGEST_PAUSE_MILLIS = 40;

  private final URI address;
  private final RandomGenerator random;
  private final boolean minimal;
  private final Map<Integer, Answer> receipts = new HashMap<>();
  private int sent;
  private int status;
  private boolean complete;
  private @Nullable String token;
  private @Nullable String failure;

  /** @param minimal whether the receipts of what was taken are left out */
  Upload(URI address, RandomGenerator random, boolean minimal) {
    this.address = address;
    this.random = random;
    this.minimal = minimal;
  }

  /**
   * Sends the lines, and reads what comes back until the server or this side ends it.
   *
   * @param cutAfter the number of lines after which the connection is cut, as by a client that dies; as many as there are for not
   *     at all
   */
  void run(List<byte[]> lines, int cutAfter) throws InterruptedException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
      socket.setSoTimeout(SILENCE_MILLIS);
      Thread reader = Thread.ofVirtual().start(() -> read(socket));
      try {
        send(lines, cutAfter, socket);
      } catch (IOException e) {
        // The reader has what the server said before.
        failure = e.toString();
      }
      reader.join();
    } catch (IOException e) {
      failure = e.toString();
    }
  }

  private void send(List<byte[]> lines, int cutAfter, Socket socket) throws IOException, InterruptedException {
    OutputStream out = socket.getOutputStream();
    out.write("""
        POST /api/v1/events/batch HTTP/1.1
        Host: %s:%d
        Content-Type: application/x-ndjson
        Transfer-Encoding: chunked
        Connection: close
        %s
        """.formatted(address.getHost(), address.getPort(), minimal ? "Prefer: return=minimal\n" : "")
        .replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
    for (byte[] line : lines.subList(0, cutAfter)) {
      sent++;
      chunk(out, line, line.length);
      if (sent % LINES_AT_ONCE == 0) {
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
      }
    }
    if (cutAfter < lines.size()) {
      // Half a line is none: it must not be published.
      byte[] half = lines.get(cutAfter);
      chunk(out, half, half.length / 2);
      Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
      socket.setSoLinger(true, 0);
      socket.close();
    } else {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void chunk(OutputStream out, byte[] line, int length) throws IOException {
    out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(line, 0, length);
    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private void read(Socket socket) {
    // Where the server is silent for long, whoever still sends is to end too.
    try (socket; InputStream in = new BufferedInputStream(socket.getInputStream())) {
      String[] statusLine = line(in).split(" ", 3);
      status = statusLine.length > 1 ? Integer.parseInt(statusLine[1]) : 0;
      boolean chunked = false;
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        chunked |= header.equalsIgnoreCase("Transfer-Encoding: chunked");
      }
      InputStream body = chunked ? new ChunkedInput(in) : in;
      BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        take(line);
      }
    } catch (IOException | NumberFormatException e) {
      failure = e.toString();
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended within the head of the response");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private void take(String line) {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(line);
    } catch (JacksonException _) {
      // Cut off within a line.
      return;
    }
    if (json.has("line")) {
      receipts.put(json.path("line").asInt(), Answers.ofItem(json));
    } else if (json.has("summary")) {
      complete = json.path("summary").path("complete").asBoolean(false);
      String covering = json.path("summary").path("consistency_token").asString("");
      token = covering.isEmpty() ? null : covering;
    } else if (json.has("type")) {
      failure = json.path("type").asString("").replace(Reply.PROBLEM, "");
    }
  }

  /** What became of each of the lines. */
  List<Answer> answers(int lines) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      answers.add(answer(i));
    }
    return answers;
  }

  private Answer answer(int index) {
    Answer receipt = receipts.get(index + 1);
    if (receipt != null) {
      return receipt;
    }
    if (index >= sent) {
      return Answer.Refused.notSent(String.valueOf(failure));
    }
    return minimal && complete
        ? new Answer.Acknowledged(Answer.Promise.ACCEPTED, null, null, null)
        : new Answer.Ambiguous("no receipt, status %d, %s".formatted(status, failure), Duration.ZERO);
  }

  /** Whether the server read all and said so. */
  boolean isComplete() {
    return complete;
  }

  /** Covers what was published; null where it did not come. */
  @Nullable
  String token() {
    return token;
  }
}
