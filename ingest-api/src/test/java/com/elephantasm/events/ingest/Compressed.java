package com.elephantasm.events.ingest;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Bodies as clients compress them. */
final class Compressed {
  private Compressed() {}

  static byte[] as(String coding, String text) {
    return as(coding, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] as(String coding, byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream compressed = stream(coding, bytes)) {
      compressed.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static OutputStream stream(String coding, OutputStream target) throws IOException {
    return switch (coding.toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> new GZIPOutputStream(target, true);
      case "zstd" -> new ZstdOutputStream(target).setChecksum(true);
      default -> throw new IllegalArgumentException(coding);
    };
  }

  /** A bomb. */
  static byte[] zeros(String coding, long size) {
    return repeated(coding, new byte[1 << 20], size >> 20);
  }

  static byte[] repeated(String coding, byte[] piece, long times) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream compressed = stream(coding, bytes)) {
      for (long i = 0; i < times; i++) {
        compressed.write(piece);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A frame that asks for a window of two to the power of this. */
  static byte[] zstdWithWindow(int log, String text) {
    try (ZstdCompressCtx context = new ZstdCompressCtx().setWindowLog(log).setContentSize(false)) {
      byte[] source = text.getBytes(StandardCharsets.UTF_8);
      java.nio.ByteBuffer input = java.nio.ByteBuffer.allocateDirect(source.length).put(source).flip();
      java.nio.ByteBuffer output = java.nio.ByteBuffer.allocateDirect((int) Zstd.compressBound(source.length));
      // In two steps, as with all of it at hand a smaller window would do.
      context.compressDirectByteBufferStream(output, input, com.github.luben.zstd.EndDirective.CONTINUE);
      context.compressDirectByteBufferStream(output, input, com.github.luben.zstd.EndDirective.END);
      byte[] frame = new byte[output.flip().remaining()];
      output.get(frame);
      return frame;
    }
  }
}
