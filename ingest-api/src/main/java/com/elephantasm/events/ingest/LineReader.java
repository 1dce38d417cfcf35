package com.elephantasm.events.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts an upload into its lines. Holds one line at a time, never more than the longest that is allowed, and gives each as soon
 * as it is there. Lines end with a line feed; the last may end with the upload, but not where that breaks off.
 */
final class LineReader {
  private static final int SMALLEST_BUFFER = 64 * 1024;
  /** After so many times the longest line a line without an end is an attack. */
  private static final int ENDLESS = 64;

  private final InputStream upload;
  private final int maxSize;
  private final BooleanSupplier stopped;
  private byte[] buffer;
  /** The line at hand is from start to end in the buffer, unless it is too long. */
  private int start;
  private int end;
  private int next;
  private int limit;
  private boolean tooLong;
  private long number;
  private long blanks;

  /**
   * @param maxSize the longest line, in bytes
   * @param stopped asked before each wait for the client; once it is true there are no more lines
   */
  LineReader(InputStream upload, int maxSize, BooleanSupplier stopped) {
    this.upload = upload;
    this.maxSize = maxSize;
    this.stopped = stopped;
    this.buffer = new byte[Math.min(SMALLEST_BUFFER, maxSize + 1)];
  }

  /**
   * One that is not blank.
   *
   * @param number counted from 1, blank ones included
   * @param json null where the line is too long
   */
  record Line(long number, byte @Nullable [] json) {}

  /**
   * The next line that is not blank; null at the end.
   *
   * @throws IOException where the upload breaks off; a line that has not ended then is none
   * @throws UploadStoppedException where it is not worth reading on, or the service stops
   */
  @Nullable
  Line next() throws IOException {
    while (readLine()) {
      number++;
      if (number == 1) {
        skipByteOrderMark();
      }
      if (tooLong) {
        blanks = 0;
        return new Line(number, null);
      }
      if (!isBlank()) {
        blanks = 0;
        return new Line(number, Arrays.copyOfRange(buffer, start, end));
      }
      blanks += next - start;
      if (blanks > maxSize) {
        throw new UploadStoppedException(
            "there are more than %d bytes of blank lines after each other".formatted(maxSize));
      }
    }
    return null;
  }

  private boolean readLine() throws IOException {
    start = next;
    tooLong = false;
    int scanned = next;
    long skipped = 0;
    while (true) {
      for (int i = scanned; i < limit; i++) {
        if (buffer[i] == '\n') {
          end = i;
          next = i + 1;
          tooLong |= end - start > maxSize;
          return true;
        }
      }
      if (limit - start > maxSize) {
        tooLong = true;
        skipped += limit - start;
        start = limit;
        requireAnEnd(skipped);
      }
      makeRoom();
      scanned = limit;
      if (!fill()) {
        end = limit;
        next = limit;
        return tooLong || end > start;
      }
    }
  }

  private void requireAnEnd(long skipped) throws UploadStoppedException {
    if (skipped > (long) ENDLESS * maxSize) {
      throw new UploadStoppedException("line %d is longer than %d times the %d bytes that a line may have"
          .formatted(number + 1, ENDLESS, maxSize));
    }
  }

  /** Moves what there is of the line to the beginning; where it fills the buffer, makes that larger. */
  private void makeRoom() {
    System.arraycopy(buffer, start, buffer, 0, limit - start);
    limit -= start;
    start = 0;
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, maxSize + 1L));
    }
  }

  private boolean fill() throws IOException {
    if (stopped.getAsBoolean()) {
      throw new UploadStoppedException("the service is stopping");
    }
    int read = upload.read(buffer, limit, buffer.length - limit);
    limit += Math.max(0, read);
    return read >= 0;
  }

  /** RFC 8259 (section 8.1) allows to ignore one. */
  private void skipByteOrderMark() {
    if (end - start >= 3 && (buffer[start] & 0xFF) == 0xEF && (buffer[start + 1] & 0xFF) == 0xBB
        && (buffer[start + 2] & 0xFF) == 0xBF) {
      start += 3;
    }
  }

  private boolean isBlank() {
    for (int i = start; i < end; i++) {
      byte character = buffer[i];
      if (character != ' ' && character != '\t' && character != '\r') {
        return false;
      }
    }
    return true;
  }
}
