package com.elephantasm.events.benchmarks.client;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** One request whose body goes out in chunks while its answer comes in, on a connection of its own. */
final class Upload {
  private static final int CHUNK_SIZE = 64 * 1024;

  private final InetSocketAddress server;
  private final byte[] headers;

  /** @param headers those beside Host and Transfer-Encoding */
  Upload(InetSocketAddress server, URI to, List<String> headers) {
    this.server = server;
    this.headers = "POST %s HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n%s\r\n"
        .formatted(Requests.target(to), to.getAuthority(), Requests.lines(headers))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Returns when the answer is there in full.
   *
   * @param lines of the body, without their ends
   * @return the last line of the answer
   * @throws IOException where either breaks off, or the status is not 200
   */
  String run(Iterable<byte[]> lines) throws IOException {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      FutureTask<String> answer = new FutureTask<>(new UploadAnswer(socket.getInputStream())::lastLine);
      Thread.ofPlatform().name("answer").start(answer);
      send(lines, new BufferedOutputStream(socket.getOutputStream(), CHUNK_SIZE));
      return answer.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void send(Iterable<byte[]> lines, OutputStream out) throws IOException {
    out.write(headers);
    ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK_SIZE);
    for (byte[] line : lines) {
      if (chunk.size() + line.length + 1 > CHUNK_SIZE) {
        writeChunk(chunk, out);
      }
      chunk.write(line);
      chunk.write('\n');
    }
    if (chunk.size() > 0) {
      writeChunk(chunk, out);
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static void writeChunk(ByteArrayOutputStream chunk, OutputStream out) throws IOException {
    out.write("%x\r\n".formatted(chunk.size()).getBytes(StandardCharsets.ISO_8859_1));
    chunk.writeTo(out);
    out.write('\r');
    out.write('\n');
    out.flush();
    chunk.reset();
  }
}
