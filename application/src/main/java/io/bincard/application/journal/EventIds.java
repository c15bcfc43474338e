package io.bincard.application.journal;

import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * The ids under which events are stored: derived from the key of the command and the event's number
 * among its events, so that the same command can never produce a second id.
 */
public final class EventIds {

  /** Metadata of an event: the tenant, the client and the key of its command. */
  public static final String TENANT = "tenant";

  public static final String CLIENT = "client";
  public static final String KEY = "key";

  private EventIds() {}

  /** A version 8 UUID (RFC 9562) over SHA-256 of the key's parts and the ordinal. */
  public static UUID derive(CommandKey key, int ordinal) {
    return derive(key, Integer.toString(ordinal));
  }

  /**
   * The same for what is not an event.
   *
   * @param what of the command's; no number
   */
  public static UUID derive(CommandKey key, String what) {
    MessageDigest digest = Sha256.digest();
    for (String part : new String[] {key.tenant(), key.client(), key.key(), what}) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new UUID(
        (hash.getLong() & 0xffff_ffff_ffff_0fffL) | 0x8000L,
        (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
  }
}
