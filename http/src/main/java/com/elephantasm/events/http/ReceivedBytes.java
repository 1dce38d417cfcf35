package com.elephantasm.events.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/**
 * The bytes of a body as they come from the client, bounded in number and in time. Never says that there are more available: the
 * decoder of zstd would ask for them before it hands out what it has, and lose that where the body breaks off.
 */
final class ReceivedBytes extends BulkInput {
  private final InputStream connection;
  private final long maxSize;
  private final long start = System.nanoTime();
  private final Duration timeout;
  private long size;

  /**
   * @param maxSize after so many bytes the body is too large
   * @param timeout within which all of the body must have come
   */
  ReceivedBytes(InputStream connection, long maxSize, Duration timeout) {
    this.connection = connection;
    this.maxSize = maxSize;
    this.timeout = timeout;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (System.nanoTime() - start > timeout.toNanos()) {
      throw late();
    }
    int read = readFromConnection(target, offset, length);
    size += Math.max(0, read);
    if (size > maxSize) {
      throw new BrokenBodyException(Problem.of(ProblemType.TOO_LARGE, "the body is larger than is read"));
    }
    return read;
  }

  private int readFromConnection(byte[] target, int offset, int length) throws BrokenBodyException {
    try {
      return connection.read(target, offset, length);
    } catch (SocketTimeoutException _) {
      throw late();
    } catch (IOException _) {
      throw new BrokenBodyException(
          Problem.of(ProblemType.BAD_REQUEST, "the body ended too early or its chunks are malformed"));
    }
  }

  private static BrokenBodyException late() {
    return new BrokenBodyException(Problem.of(ProblemType.REQUEST_TIMEOUT, "the body did not arrive in time")
        .withHeader(HttpHeaders.CONNECTION, "close"));
  }
}
