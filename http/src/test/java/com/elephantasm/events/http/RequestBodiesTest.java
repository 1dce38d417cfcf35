package com.elephantasm.events.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RequestBodiesTest {
  private static final RequestBodies BODIES = new RequestBodies(new Admission(new AdmissionSettings(1, 1, null)),
      Duration.ofMinutes(1));
  private static final byte[] TEXT = "a line\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);

  private static byte[] compressed(ContentCoding coding, byte[] bytes) throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (OutputStream compressed = switch (coding) {
      case IDENTITY -> target;
      case GZIP -> new GZIPOutputStream(target);
      case ZSTD -> new ZstdOutputStream(target);
    }) {
      compressed.write(bytes);
    }
    return target.toByteArray();
  }

  /** Gives one byte at a time, as a slow network may. */
  private static InputStream trickle(byte[] bytes) {
    return new InputStream() {
      private int next;

      @Override
      public int read() {
        return next < bytes.length ? bytes[next++] & 0xFF : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (length == 0) {
          return 0;
        }
        int one = read();
        if (one < 0) {
          return -1;
        }
        target[offset] = (byte) one;
        return 1;
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void bytes_come_out_as_they_went_in_however_they_arrive(ContentCoding coding) throws IOException {
    byte[] noise = new byte[300_000];
    new Random(1).nextBytes(noise);
    for (byte[] bytes : new byte[][]{{}, {1}, TEXT, noise}) {
      byte[] body = compressed(coding, bytes);
      try (InputStream whole = coding.undo(new ByteArrayInputStream(body));
          InputStream slow = coding.undo(trickle(body))) {
        assertThat(whole.readAllBytes()).isEqualTo(bytes);
        assertThat(slow.readAllBytes()).isEqualTo(bytes);
      }
      byte[] twice = Arrays.copyOf(body, 2 * body.length);
      System.arraycopy(body, 0, twice, body.length, body.length);
      try (InputStream slow = coding.undo(trickle(twice))) {
        assertThat(slow.readAllBytes()).hasSize(2 * bytes.length);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void what_is_cut_off_anywhere_is_never_taken_for_all(ContentCoding coding) throws IOException {
    byte[] body = compressed(coding, TEXT);
    for (int length = 1; length < body.length; length++) {
      byte[] part = Arrays.copyOf(body, length);
      try (InputStream broken = coding.undo(new ByteArrayInputStream(part))) {
        assertThatThrownBy(broken::readAllBytes).as("%d of %d bytes", length, body.length)
            .isInstanceOf(BrokenBodyException.class);
      }
    }
  }

  @Test
  void a_gzip_header_may_have_all_its_parts_and_every_wrong_byte_behind_it_is_found() throws IOException {
    byte[] plain = compressed(ContentCoding.GZIP, new byte[]{1, 2, 3});
    ByteArrayOutputStream full = new ByteArrayOutputStream();
    full.writeBytes(new byte[]{0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0});
    full.writeBytes(new byte[]{3, 0, 9, 9, 9});
    full.writeBytes("file\0comment\0".getBytes(StandardCharsets.US_ASCII));
    CRC32 crc = new CRC32();
    crc.update(full.toByteArray());
    full.writeBytes(new byte[]{(byte) crc.getValue(), (byte) (crc.getValue() >> 8)});
    full.write(plain, 10, plain.length - 10);
    try (InputStream read = ContentCoding.GZIP.undo(new ByteArrayInputStream(full.toByteArray()))) {
      assertThat(read.readAllBytes()).containsExactly(1, 2, 3);
    }
    for (int i = plain.length - 8; i < plain.length; i++) {
      byte[] wrong = plain.clone();
      wrong[i] ^= 1;
      try (InputStream read = ContentCoding.GZIP.undo(new ByteArrayInputStream(wrong))) {
        assertThatThrownBy(read::readAllBytes).hasMessageContaining("checksum or length");
      }
    }
  }

  private static MockHttpServletRequest request(String coding, byte[] body) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.addHeader("Content-Encoding", coding);
    request.setContent(body);
    return request;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "identity"})
  void the_bound_is_of_what_comes_out(String coding) throws IOException {
    byte[] body = compressed(ContentCoding.valueOf(coding.toUpperCase(java.util.Locale.ROOT)), TEXT);
    assertThat(BODIES.read(request(coding, body), DataSize.ofBytes(TEXT.length))).isEqualTo(TEXT);
    assertThatThrownBy(() -> BODIES.read(request(coding, body), DataSize.ofBytes(TEXT.length - 1)))
        .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(413));
  }

  @Test
  void a_body_that_takes_too_long_is_a_408_that_ends_the_connection() {
    RequestBodies impatient = new RequestBodies(new Admission(new AdmissionSettings(1, 1, null)), Duration.ofNanos(-1));
    assertThatThrownBy(() -> impatient.read(request("identity", TEXT), DataSize.ofMegabytes(1)))
        .isInstanceOfSatisfying(ProblemException.class, e -> {
          assertThat(e.problem().status()).isEqualTo(408);
          assertThat(e.problem().headers()).containsEntry("Connection", "close");
        });
  }
}
