package io.bincard.application.receipts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a key stands for: SHA-256 over the type of a command and its canonical JSON, defaults filled
 * in.
 */
public final class Fingerprint {

  private final byte[] sha256;

  private Fingerprint(byte[] sha256) {
    this.sha256 = sha256;
  }

  /** The fingerprint of {@code canonicalJson}, a command of {@code type}. */
  public static Fingerprint of(String type, String canonicalJson) {
    MessageDigest digest = Sha256.digest();
    digest.update(type.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
    return new Fingerprint(digest.digest(canonicalJson.getBytes(StandardCharsets.UTF_8)));
  }

  static Fingerprint ofStored(byte[] sha256) {
    return new Fingerprint(sha256);
  }

  /** The 32 bytes, as stored. */
  public byte[] toBytes() {
    return sha256.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fingerprint that && Arrays.equals(sha256, that.sha256);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sha256);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(sha256);
  }
}
