package io.bincard.application.journal;

import io.bincard.application.receipts.CommandKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;

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

  /**
   * The stored id of {@code event}; {@code ordinals} counts the events of each key within one
   * batch. {@code null} if the event has no key and its own id is in {@code ownIds} already.
   */
  static @Nullable String storedId(
      EventMessage<?> event, Map<CommandKey, Integer> ordinals, Set<String> ownIds) {
    CommandKey key = keyOf(event);
    if (key == null) {
      return ownIds.add(event.getIdentifier()) ? event.getIdentifier() : null;
    }
    return derive(key, ordinals.merge(key, 1, Integer::sum) - 1).toString();
  }

  private static @Nullable CommandKey keyOf(EventMessage<?> event) {
    return event.getMetaData().get(TENANT) instanceof String tenant
            && event.getMetaData().get(CLIENT) instanceof String client
            && event.getMetaData().get(KEY) instanceof String key
        ? new CommandKey(tenant, client, key)
        : null;
  }

  /** A version 8 UUID (RFC 9562) over SHA-256 of the key's parts and the ordinal. */
  static UUID derive(CommandKey key, int ordinal) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part :
          new String[] {key.tenant(), key.client(), key.key(), Integer.toString(ordinal)}) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      ByteBuffer hash = ByteBuffer.wrap(digest.digest());
      return new UUID(
          (hash.getLong() & 0xffff_ffff_ffff_0fffL) | 0x8000L,
          (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
