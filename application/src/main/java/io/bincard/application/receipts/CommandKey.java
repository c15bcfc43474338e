package io.bincard.application.receipts;

import io.bincard.domain.InvalidValueException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Whose command it is: the tenant, the client that signed in, and the key that the client gave it.
 *
 * @param key 1 to {@value #MAX_LENGTH} visible ASCII characters without slashes, for it stands in
 *     the path of {@code GET /v1/commands/{key}}; UUIDv7 recommended
 */
public record CommandKey(String tenant, String client, String key) {

  public static final int MAX_LENGTH = 128;

  private static final int UUID_LENGTH = 36;

  /** The one tenant and the one client there are until callers sign in. */
  private static final String ONLY = "default";

  /** The client of what the ledger commands itself; nobody who signs in may be called so. */
  private static final String LEDGER = "bincard";

  /**
   * @throws InvalidValueException if {@code key} breaks its rule
   */
  public CommandKey {
    if (key.isEmpty() || key.length() > MAX_LENGTH || !isAllowed(key)) {
      throw new InvalidValueException(
          "an idempotency key must have 1 to "
              + MAX_LENGTH
              + " visible ASCII characters without spaces and slashes");
    }
  }

  /**
   * The key {@code key} of the only client.
   *
   * @throws InvalidValueException if {@code key} breaks its rule
   */
  public static CommandKey of(String key) {
    return new CommandKey(ONLY, ONLY, key);
  }

  /**
   * The key {@code key} of a command that the ledger gives itself; no caller has the same.
   *
   * @throws InvalidValueException if {@code key} breaks its rule
   */
  public static CommandKey ofLedger(String key) {
    return new CommandKey(ONLY, LEDGER, key);
  }

  /** When the key says it was made, to the millisecond; {@code null} unless it is a UUIDv7. */
  public @Nullable Instant madeAt() {
    if (!isUuidV7()) {
      return null;
    }
    long high = HexFormat.fromHexDigitsToLong(key, 0, 8);
    return Instant.ofEpochMilli(high << 16 | HexFormat.fromHexDigits(key, 9, 13));
  }

  /** RFC 9562: 8-4-4-4-12 hexadecimal digits, version 7, variant binary 10. */
  private boolean isUuidV7() {
    if (key.length() != UUID_LENGTH
        || key.charAt(14) != '7'
        || "89abAB".indexOf(key.charAt(19)) < 0) {
      return false;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      boolean isHyphen = i == 8 || i == 13 || i == 18 || i == 23;
      if (isHyphen ? key.charAt(i) != '-' : !HexFormat.isHexDigit(key.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(String key) {
    for (int i = 0; i < key.length(); i++) {
      char character = key.charAt(i);
      if (character <= 0x20 || character >= 0x7f || character == '/' || character == '\\') {
        return false;
      }
    }
    return true;
  }
}
