package com.elephantasm.events.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads gzip (RFC 1952), any number of members after each other, and gives each piece as soon as it is there. The JDK's stream
 * takes a member for the last one where the next has not arrived yet, and whatever follows for nothing.
 */
final class GzipInput extends BulkInput {
  private static final int BUFFER_SIZE = 8192;
  private static final int MAGIC = 0x8b1f;
  private static final int DEFLATE = 8;
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream source;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] buffer = new byte[BUFFER_SIZE];
  private int position;
  private int limit;
  private boolean inMember;

  GzipInput(InputStream source) {
    this.source = source;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (inMember || beginMember()) {
      int inflated = inflate(target, offset, length);
      if (inflated > 0) {
        checksum.update(target, offset, inflated);
        return inflated;
      }
      if (inflater.finished()) {
        endMember();
      } else {
        refill();
        inflater.setInput(buffer, position, limit - position);
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      int inflated = inflater.inflate(target, offset, length);
      if (inflated == 0 && inflater.needsDictionary()) {
        throw new ZipException("it needs a dictionary");
      }
      return inflated;
    } catch (DataFormatException e) {
      throw (ZipException) new ZipException(String.valueOf(e.getMessage())).initCause(e);
    }
  }

  /** @return false at the end of the body, where no member follows */
  private boolean beginMember() throws IOException {
    if (position == limit && !fill()) {
      return false;
    }
    if (nextShort() != MAGIC || next() != DEFLATE) {
      throw new ZipException("what should be a gzip header is none");
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("the gzip header has flags that are not defined");
    }
    skip(6); // time, compression level, operating system
    if ((flags & EXTRA) != 0) {
      skip(nextShort());
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      skip(2);
    }
    checksum.reset();
    inflater.reset();
    inflater.setInput(buffer, position, limit - position);
    inMember = true;
    return true;
  }

  private void endMember() throws IOException {
    position = limit - inflater.getRemaining();
    long size = inflater.getBytesWritten() & 0xFFFF_FFFFL;
    if (nextInt() != checksum.getValue() || nextInt() != size) {
      throw new ZipException("the gzip checksum or length is wrong");
    }
    inMember = false;
  }

  private long nextInt() throws IOException {
    return nextShort() | (long) nextShort() << 16;
  }

  private int nextShort() throws IOException {
    return next() | next() << 8;
  }

  private int next() throws IOException {
    if (position == limit) {
      refill();
    }
    return buffer[position++] & 0xFF;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      var _ = next();
    }
  }

  private void skipText() throws IOException {
    while (next() != 0) {
      // The name or comment of a file.
    }
  }

  private void refill() throws IOException {
    if (!fill()) {
      throw new ZipException("it ends in the middle of a gzip member");
    }
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, source.read(buffer));
    return limit > 0;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
