package com.elephantasm.events.faults.load;

import java.io.IOException;
import java.io.InputStream;

/** What was sent in chunks (RFC 9112, section 7.1), without their frames. */
final class ChunkedInput extends InputStream {
  private final InputStream in;
  private int left;
  private boolean atEnd;

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
    if (left == 0 && !atEnd) {
      begin();
    }
    if (atEnd) {
      return -1;
    }
    int count = in.read(target, offset, Math.min(length, left));
    if (count < 0) {
      throw new IOException("the connection ended within a chunk");
    }
    left -= count;
    if (left == 0) {
      var _ = line();
    }
    return count;
  }

  private void begin() throws IOException {
    left = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    atEnd = left == 0;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended between chunks");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
