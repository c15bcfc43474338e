package io.bincard.application.writer;

import io.bincard.application.journal.EventIds;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.domain.stock.ExpectedVersion;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * Command messages that carry the key, the fingerprint and the expected version that the writer
 * needs.
 */
public final class KeyedCommands {

  /** Metadata: the {@link ExpectedVersion}. */
  public static final String EXPECTED_VERSION = "expectedVersion";

  /** Metadata: the W3C trace context that the command came with; goes on to its events. */
  public static final String TRACE_PARENT = "traceparent";

  /**
   * Metadata of a command, or of a group as a whole, that another node sent on: it is run here or
   * refused with {@link NotLeadingException}, and never sent on again.
   */
  public static final String FORWARDED = "forwarded";

  /**
   * Metadata of a group: any object that the groups share which have to run in the order in which
   * they were sent. In one node all do; on their way to another node they could overtake each
   * other.
   */
  public static final String SEQUENCE = "sequence";

  private static final String COMMAND_KEY = "commandKey";
  private static final String FINGERPRINT = "fingerprint";

  private KeyedCommands() {}

  /** A message for the command bus. */
  public static <C> CommandMessage<C> message(
      C command,
      CommandKey key,
      Fingerprint fingerprint,
      ExpectedVersion expected,
      @Nullable String traceParent) {
    Map<String, Object> metaData = HashMap.newHashMap(4);
    metaData.put(COMMAND_KEY, key);
    metaData.put(FINGERPRINT, fingerprint);
    metaData.put(EXPECTED_VERSION, expected);
    if (traceParent != null) {
      metaData.put(TRACE_PARENT, traceParent);
    }
    return new GenericCommandMessage<>(command, metaData);
  }

  /**
   * The key of {@code message}.
   *
   * @throws IllegalArgumentException if the sender gave the command no key
   */
  public static CommandKey keyOf(CommandMessage<?> message) {
    return required(message, COMMAND_KEY, CommandKey.class);
  }

  /**
   * The fingerprint of {@code message}.
   *
   * @throws IllegalArgumentException if the sender gave the command no fingerprint
   */
  public static Fingerprint fingerprintOf(CommandMessage<?> message) {
    return required(message, FINGERPRINT, Fingerprint.class);
  }

  /** What the sender expects of the item; nothing, unless they said so. */
  public static ExpectedVersion expectedVersionOf(MetaData metaData) {
    return metaData.get(EXPECTED_VERSION) instanceof ExpectedVersion expected
        ? expected
        : ExpectedVersion.ANY;
  }

  private static <T> T required(CommandMessage<?> message, String name, Class<T> type) {
    Object value = message.getMetaData().get(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          message.getPayloadType().getSimpleName()
              + " was sent without "
              + name
              + "; build it with KeyedCommands");
    }
    return type.cast(value);
  }

  /**
   * An event that {@code cause} causes. Its id is derived: the same command never has a second one.
   *
   * @param ordinal which of the command's events it is, from 0
   */
  public static <E> DomainEventMessage<E> event(
      CommandMessage<?> cause,
      int ordinal,
      String streamType,
      String stream,
      long sequence,
      E payload) {
    return new GenericDomainEventMessage<>(
        streamType,
        stream,
        sequence,
        payload,
        eventMetaData(cause),
        EventIds.derive(keyOf(cause), ordinal).toString(),
        GenericEventMessage.clock.instant());
  }

  /** The metadata of the events that {@code message} causes. */
  static Map<String, Object> eventMetaData(CommandMessage<?> message) {
    CommandKey key = keyOf(message);
    Map<String, Object> metaData = HashMap.newHashMap(4);
    metaData.put(EventIds.TENANT, key.tenant());
    metaData.put(EventIds.CLIENT, key.client());
    metaData.put(EventIds.KEY, key.key());
    Object traceParent = message.getMetaData().get(TRACE_PARENT);
    if (traceParent != null) {
      metaData.put(TRACE_PARENT, traceParent);
    }
    return metaData;
  }
}
