package com.elephantasm.events.benchmarks.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Collects what a server sends on one connection until a response is there in full (RFC 9112: with a length, or in chunks). It
 * looks at no more than it must, so that it costs the machine little beside what is measured.
 */
final class ResponseReader {
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final byte[] END_OF_HEADERS = {'\r', '\n', '\r', '\n'};

  private byte[] bytes = new byte[8 * 1024];
  private int length;
  /** Where the body begins; 0 while the headers are not there in full. */
  private int body;
  /** Of a body with a length; -1 where it comes in chunks. */
  private int bodyLength;
  /** Of a body in chunks: where the next one begins. */
  private int chunk;

  /** @return whether the response is there in full now */
  boolean add(byte[] source, int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
    System.arraycopy(source, 0, bytes, length, count);
    length += count;
    if (body == 0 && !readHeaders()) {
      return false;
    }
    return bodyLength >= 0 ? length >= body + bodyLength : hasLastChunk();
  }

  private boolean readHeaders() {
    int end = indexOf(END_OF_HEADERS, 0);
    if (end < 0) {
      return false;
    }
    body = end + END_OF_HEADERS.length;
    chunk = body;
    String headers = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    bodyLength = headers.contains("\r\ntransfer-encoding: chunked") ? -1 : length(headers);
    return true;
  }

  /** What has no length has no body: nothing here asks for a connection to be closed. */
  private static int length(String headers) {
    int at = headers.indexOf("\r\ncontent-length: ");
    if (at < 0) {
      return 0;
    }
    int from = at + "\r\ncontent-length: ".length();
    int to = headers.indexOf('\r', from);
    return Integer.parseInt(headers, from, to < 0 ? headers.length() : to, 10);
  }

  private boolean hasLastChunk() {
    while (true) {
      int lineEnd = chunk;
      while (lineEnd < length && bytes[lineEnd] != '\r') {
        lineEnd++;
      }
      if (lineEnd + 1 >= length) {
        return false;
      }
      int size = Integer.parseInt(new String(bytes, chunk, lineEnd - chunk, StandardCharsets.ISO_8859_1), 16);
      int next = lineEnd + 2 + size + 2;
      if (next > length) {
        return false;
      }
      if (size == 0) {
        return true;
      }
      chunk = next;
    }
  }

  private int indexOf(byte[] wanted, int from) {
    for (int i = from; i + wanted.length <= length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  int status() {
    return (bytes[STATUS_AT] - '0') * 100 + (bytes[STATUS_AT + 1] - '0') * 10 + bytes[STATUS_AT + 2] - '0';
  }

  /** Of the headers and what there is of the body, chunks as they came. */
  String text() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  void clear() {
    length = 0;
    body = 0;
  }
}
