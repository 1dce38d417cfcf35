package com.elephantasm.events.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;

/**
 * Reads bodies of requests: as they are, or compressed with gzip or zstd. Whatever a client sends costs no more memory than the
 * bound that the caller sets for what comes out, and the window of the compression (at most 8 MB, outside the heap).
 */
public final class RequestBodies {
  /** Room for the frame around data that cannot be compressed. */
  private static final int COMPRESSION_OVERHEAD = 64 * 1024;
  private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(365);

  private final Admission admission;
  private final Duration timeout;

  RequestBodies(Admission admission, Duration timeout) {
    this.admission = admission;
    this.timeout = timeout;
  }

  /**
   * Which of the types the body has. A charset is let through where it is UTF-8, other parameters always.
   *
   * @param types those that can be read here
   * @throws ProblemException 415 where it has another one
   */
  public MediaType requireType(HttpServletRequest request, List<MediaType> types) {
    String contentType = request.getContentType();
    if (contentType == null) {
      throw unsupported("the request has no Content-Type", types);
    }
    MediaType type = parse(contentType, types);
    for (MediaType each : types) {
      if (type.equalsTypeAndSubtype(each)) {
        requireUtf8(type, types);
        return each;
      }
    }
    throw unsupported("the Content-Type is %s/%s".formatted(type.getType(), type.getSubtype()), types);
  }

  private static MediaType parse(String contentType, List<MediaType> types) {
    // What nearly every request says needs no parsing.
    if (contentType.equals(MediaType.APPLICATION_JSON_VALUE)) {
      return MediaType.APPLICATION_JSON;
    }
    try {
      return MediaType.parseMediaType(contentType);
    } catch (IllegalArgumentException _) {
      throw unsupported("the Content-Type is not one that we can read", types);
    }
  }

  /** RFC 8259 defines no charset parameter, and RFC 9110 lets us refuse: only one that changes nothing is let through. */
  private static void requireUtf8(MediaType type, List<MediaType> types) {
    @Nullable
    Charset charset;
    try {
      charset = type.getCharset();
    } catch (IllegalArgumentException _) {
      throw unsupported("the charset of the Content-Type is not one that we know", types);
    }
    if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
      throw unsupported("the charset of the Content-Type is %s and not UTF-8".formatted(charset), types);
    }
  }

  private static ProblemException unsupported(String problem, List<MediaType> types) {
    String detail = problem + "; send " + types.stream().map(MediaType::toString).collect(Collectors.joining(" or "));
    return Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, detail)
        .withHeader(HttpHeaders.ACCEPT, MediaType.toString(types)).asException();
  }

  /**
   * Reads all of a body, which must arrive within {@link HttpSettings#bodyTimeout()}.
   *
   * @param maxSize of what comes out, in bytes
   * @throws ProblemException 400 where it ends too early or its compression is broken, 408 where it does not come in time, 413
   *     where it is larger than allowed, 415 for a content coding that is not read here, 503 where other bodies have all the
   *     memory that there is for them
   */
  public byte[] read(HttpServletRequest request, DataSize maxSize) {
    int max = Math.toIntExact(maxSize.toBytes());
    ContentCoding coding = ContentCoding.of(request);
    // What does not grow when it is inflated must not come for ever either.
    long maxReceived = coding == ContentCoding.IDENTITY ? max : (long) max + COMPRESSION_OVERHEAD;
    if (request.getContentLengthLong() > maxReceived) {
      throw tooLarge(max);
    }
    try (InputStream body = coding.undo(new ReceivedBytes(request.getInputStream(), maxReceived, timeout))) {
      byte[] bytes = new AdmittedBytes(body, admission).readNBytes(max + 1);
      if (bytes.length > max) {
        throw tooLarge(max);
      }
      return bytes;
    } catch (BrokenBodyException e) {
      throw e.problem().asException();
    } catch (IOException _) {
      throw Problem.of(ProblemType.BAD_REQUEST, "the body cannot be read").asException();
    }
  }

  private static ProblemException tooLarge(int max) {
    return Problem.of(ProblemType.TOO_LARGE, "the body is larger than the %d bytes that are read".formatted(max))
        .asException();
  }

  /**
   * The body to be read bit by bit, for as long as the client goes on sending. Reading throws {@link BrokenBodyException} where
   * the body breaks off.
   *
   * @throws ProblemException 415 for a content coding that is not read here
   */
  public InputStream open(HttpServletRequest request) throws IOException {
    ContentCoding coding = ContentCoding.of(request);
    return coding.undo(new ReceivedBytes(request.getInputStream(), Long.MAX_VALUE, AS_LONG_AS_IT_TAKES));
  }
}
