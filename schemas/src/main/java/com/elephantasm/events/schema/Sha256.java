package com.elephantasm.events.schema;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4) of some byte arrays, one after the other. */
final class Sha256 {
  /** Never updated, only copied: finding the algorithm's provider takes longer than hashing what we hash. */
  private static final MessageDigest FRESH = fresh();

  private Sha256() {}

  private static MessageDigest fresh() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256 (see java.security.MessageDigest)", e);
    }
  }

  static byte[] of(byte[]... parts) {
    MessageDigest digest = copy();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  private static MessageDigest copy() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException _) {
      return fresh();
    }
  }
}
