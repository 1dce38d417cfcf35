package com.elephantasm.events.http;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpHeaders;

/** How a body is compressed (RFC 9110, section 8.4; zstd is RFC 8878). */
enum ContentCoding {
  IDENTITY {
    @Override
    InputStream undo(InputStream body) {
      return body;
    }
  },
  GZIP {
    @Override
    InputStream undo(InputStream body) {
      return new Decompressed(new GzipInput(body));
    }
  },
  ZSTD {
    @Override
    InputStream undo(InputStream body) throws IOException {
      ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(body);
      zstd.setLongMax(ZSTD_WINDOW_LOG);
      return new Decompressed(zstd);
    }
  };

  /** RFC 8878 (section 3.1.1.1.2) asks for windows of up to 8 MB; else a header of some bytes could demand 128 MB. */
  private static final int ZSTD_WINDOW_LOG = 23;

  /** The bytes as they were before they were compressed. Compressed data that is broken throws {@link BrokenBodyException}. */
  abstract InputStream undo(InputStream body) throws IOException;

  /** @throws ProblemException 415 for a coding that is not read here, or several on top of each other */
  static ContentCoding of(HttpServletRequest request) {
    List<String> lines = Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING));
    return switch (String.join(",", lines).strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "zstd" -> ZSTD;
      default -> throw Problem
          .of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "the Content-Encoding must be one of gzip and zstd, or none")
          .withHeader(HttpHeaders.ACCEPT_ENCODING, "gzip, zstd, identity").asException();
    };
  }

  private static final class Decompressed extends BulkInput {
    private final InputStream decoder;

    Decompressed(InputStream decoder) {
      this.decoder = decoder;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return decoder.read(target, offset, length);
      } catch (BrokenBodyException e) {
        throw e;
      } catch (IOException e) {
        throw new BrokenBodyException(
            Problem.of(ProblemType.BAD_REQUEST, "the compressed body is broken: " + e.getMessage()));
      }
    }

    @Override
    public void close() throws IOException {
      decoder.close();
    }
  }
}
