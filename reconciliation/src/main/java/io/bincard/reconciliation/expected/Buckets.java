package io.bincard.reconciliation.expected;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32C;

/** Which bucket a key falls into, for ever the same. */
public final class Buckets {

  private Buckets() {}

  /** From 0 up to but without {@link Expectations#BUCKETS}. */
  public static int of(String key) {
    CRC32C hash = new CRC32C();
    hash.update(key.getBytes(UTF_8));
    return (int) (hash.getValue() % Expectations.BUCKETS);
  }
}
