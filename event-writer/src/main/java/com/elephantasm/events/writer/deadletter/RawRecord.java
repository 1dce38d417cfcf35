package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.schema.ReceivedRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record as it came. */
record RawRecord(@Nullable Bytes key, List<Header> headers, @Nullable Bytes value) {
  /**
   * @param text null where the bytes are not UTF-8
   */
  record Bytes(@Nullable String text, String base64) {
    static @Nullable Bytes of(byte @Nullable [] bytes) {
      return bytes == null ? null : new Bytes(RawRecord.text(bytes), Base64.getEncoder().encodeToString(bytes));
    }
  }

  record Header(String name, @Nullable Bytes value) {}

  static RawRecord of(ReceivedRecord record) {
    return new RawRecord(Bytes.of(record.key()),
        record.headers().stream().map(header -> new Header(header.name(), Bytes.of(header.value()))).toList(),
        Bytes.of(record.value()));
  }

  private static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }
}
