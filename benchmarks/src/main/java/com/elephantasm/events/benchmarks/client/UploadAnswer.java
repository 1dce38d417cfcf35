package com.elephantasm.events.benchmarks.client;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads the answer to an upload, which comes in chunks of lines, and keeps the last line. */
final class UploadAnswer {
  private static final int BUFFER_SIZE = 64 * 1024;
  private static final int LONGEST_LINE = 4 * 1024;

  private final InputStream in;
  private final byte[] end = new byte[2 * LONGEST_LINE];
  private int length;

  UploadAnswer(InputStream socket) {
    in = new BufferedInputStream(socket, BUFFER_SIZE);
  }

  /** @throws IOException where it breaks off, or is no answer of lines with the status 200 */
  String lastLine() throws IOException {
    String status = line();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("the upload was answered with " + status);
    }
    while (!line().isEmpty()) {
      // Headers.
    }
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      keep(in.readNBytes(size));
      line();
    }
    String text = new String(end, 0, length, StandardCharsets.UTF_8).stripTrailing();
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private void keep(byte[] bytes) {
    int added = Math.min(bytes.length, LONGEST_LINE);
    if (length + added > end.length) {
      System.arraycopy(end, length - LONGEST_LINE, end, 0, LONGEST_LINE);
      length = LONGEST_LINE;
    }
    System.arraycopy(bytes, bytes.length - added, end, length, added);
    length += added;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the answer broke off");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
