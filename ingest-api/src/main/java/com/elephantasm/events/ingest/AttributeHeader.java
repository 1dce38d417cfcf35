package com.elephantasm.events.ingest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The value of a {@code ce-} header (CloudEvents' HTTP protocol binding 1.0.2, section 3.1.3.2). */
final class AttributeHeader {
  private AttributeHeader() {}

  /**
   * The text that a header stands for: without the double quotes that older senders put around it, then percent-decoded once.
   * Bytes beyond ASCII, which the binding forbids and older senders sent all the same, are read as UTF-8 too.
   *
   * @param value as the container reads it: a character for each byte
   * @return null where its quotes or its percent signs are not as they must be, or the bytes are not UTF-8
   */
  static @Nullable String decode(String value) {
    String unquoted = unquoted(value);
    ByteBuffer bytes = unquoted == null ? null : percentDecoded(unquoted);
    if (bytes == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  /** RFC 7230, section 3.2.6: a backslash makes the next character one of the text. */
  private static @Nullable String unquoted(String value) {
    if (!value.startsWith("\"")) {
      return value;
    }
    StringBuilder text = new StringBuilder();
    int closing = value.length() - 1;
    for (int i = 1; i < closing; i++) {
      char character = value.charAt(i);
      if (character == '"' || character == '\\' && ++i == closing) {
        return null;
      }
      text.append(value.charAt(i));
    }
    return closing > 0 && value.charAt(closing) == '"' ? text.toString() : null;
  }

  private static @Nullable ByteBuffer percentDecoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character != '%') {
        bytes.write(character);
        continue;
      }
      if (i + 2 >= text.length() || !HexFormat.isHexDigit(text.charAt(i + 1))
          || !HexFormat.isHexDigit(text.charAt(i + 2))) {
        return null;
      }
      bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
      i += 2;
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }
}
