package com.elephantasm.events.standalone;

import java.io.IOException;
import java.io.InputStream;

/** Undoes the chunks of HTTP/1.1. */
final class ChunkedInput extends InputStream {
  private final InputStream in;
  private int left;
  private boolean ended;

  ChunkedInput(InputStream in) {
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
