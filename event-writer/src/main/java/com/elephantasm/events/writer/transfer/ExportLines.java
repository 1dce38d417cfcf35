package com.elephantasm.events.writer.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of an export, one at a time. */
final class ExportLines {
  /** Far above what Kafka's records are; a file without a line feed is no export. */
  private static final int LONGEST = 512 * 1024 * 1024;
  private static final int BUFFER = 256 * 1024;

  private final InputStream input;
  private final byte[] buffer = new byte[BUFFER];
  private int next;
  private int end;
  private long number;

  ExportLines(InputStream input) {
    this.input = input;
  }

  /** Of the line that was read last; the first is 1. */
  long number() {
    return number;
  }

  /** The next line; null where there is none, or only the beginning of one. */
  @Nullable
  ExportLine next() throws IOException {
    byte[] line = line();
    if (line == null) {
      return null;
    }
    number++;
    try {
      return ExportFormat.read(line);
    } catch (ExportFormat.BrokenLineException e) {
      throw TransferException.brokenOff("line %d of the export %s".formatted(number, e.getMessage()));
    }
  }

  private byte @Nullable [] line() throws IOException {
    ByteArrayOutputStream before = new ByteArrayOutputStream(0);
    while (true) {
      for (int i = next; i < end; i++) {
        if (buffer[i] == '\n') {
          byte[] rest = Arrays.copyOfRange(buffer, next, i);
          next = i + 1;
          if (before.size() == 0) {
            return rest;
          }
          before.writeBytes(rest);
          return before.toByteArray();
        }
      }
      before.write(buffer, next, end - next);
      if (before.size() > LONGEST) {
        throw TransferException.brokenOff(
            "line %d of the export is longer than %d bytes".formatted(number + 1, LONGEST));
      }
      next = 0;
      end = Math.max(0, input.read(buffer));
      if (end == 0) {
        return null;
      }
    }
  }
}
