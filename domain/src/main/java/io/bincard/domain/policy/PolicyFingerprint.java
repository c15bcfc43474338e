package io.bincard.domain.policy;

import io.bincard.domain.InvalidValueException;

/**
 * Which version of the policy: SHA-256 over its canonical form, in lower-case hex. The same meaning
 * has the same fingerprint, however it was written.
 */
public record PolicyFingerprint(String value) {

  private static final int LENGTH = 64;

  /**
   * @throws InvalidValueException if {@code value} is not 64 digits of lower-case hex
   */
  public PolicyFingerprint {
    if (value.length() != LENGTH || !value.chars().allMatch(PolicyFingerprint::isHex)) {
      throw new InvalidValueException(
          "a policy's fingerprint must be " + LENGTH + " digits 0-9 and a-f");
    }
  }

  private static boolean isHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  @Override
  public String toString() {
    return value;
  }
}
