package io.bincard.application.receipts;

import io.bincard.domain.InvalidValueException;

/**
 * Whose command it is: the tenant, the client that signed in, and the key that the client gave it.
 *
 * @param key 1 to {@value #MAX_LENGTH} visible ASCII characters without slashes, for it stands in
 *     the path of {@code GET /v1/commands/{key}}; UUIDv7 recommended
 */
public record CommandKey(String tenant, String client, String key) {

  public static final int MAX_LENGTH = 128;

  /** The one tenant and the one client there are until callers sign in. */
  private static final String ONLY = "default";

  /**
   * @throws InvalidValueException if {@code key} breaks its rule
   */
  public CommandKey {
    if (key.isEmpty()
        || key.length() > MAX_LENGTH
        || !key.chars().allMatch(CommandKey::isAllowed)) {
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

  private static boolean isAllowed(int character) {
    return character > 0x20 && character < 0x7f && character != '/' && character != '\\';
  }
}
