package io.bincard.application.journal;

/**
 * A stream that is stored and cannot be read: an event is missing, is of an unknown type, or leads
 * nowhere. The other streams can be read all the same.
 */
public final class UnreadableStreamException extends RuntimeException {

  UnreadableStreamException(String stream, long sequence, RuntimeException cause) {
    super(
        "%s cannot be read from event %d on: %s".formatted(stream, sequence, reason(cause)), cause);
  }

  private static String reason(RuntimeException cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
