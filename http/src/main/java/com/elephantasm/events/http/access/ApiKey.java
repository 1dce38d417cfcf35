package com.elephantasm.events.http.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A secret that a caller sends with each request. The service is given its SHA-256 and no more; a slow hash, as passwords need,
 * would protect nothing, because a key that was {@linkplain #random made here} cannot be guessed.
 */
public record ApiKey(String value) {
  private static final String PREFIX = "ek_";
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** {@code ek_} and 43 characters of base64url, 256 random bits. */
  public static ApiKey random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new ApiKey(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** 64 lower-case hexadecimal digits over the key's UTF-8, as {@code elephantasm.access.keys[n].sha256} has it. */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256 (see java.security.MessageDigest)", e);
    }
  }

  /** Not the key: it would be in logs. */
  @Override
  public String toString() {
    return "an API key";
  }
}
