package com.elephantasm.events.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {
  private final ResponseReader reader = new ResponseReader();

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 202 \r\nContent-Length: 5\r\n\r\nhello",
      "HTTP/1.1 202 \r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 202 \r\nDate: today\r\n\r\n",
      "HTTP/1.1 202 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"})
  void a_response_is_there_with_its_last_byte_and_not_before(String response) {
    byte[] bytes = response.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      boolean complete = reader.add(new byte[]{bytes[i]}, 1);
      assertThat(complete).as("byte %d of %d", i + 1, bytes.length).isEqualTo(i == bytes.length - 1);
    }
    assertThat(reader.status()).isEqualTo(202);
  }

  @Test
  void a_reader_that_is_cleared_reads_the_next_response() {
    byte[] first = "HTTP/1.1 201 \r\nContent-Length: 2\r\n\r\nhi".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(reader.add(first, first.length)).isTrue();
    reader.clear();
    byte[] second = "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(reader.add(second, second.length)).isTrue();
    assertThat(reader.status()).isEqualTo(404);
  }
}
