package io.bincard.client.wire;

/** What came is nothing that this client understands. */
public final class UnreadableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * @param message what is wrong, without the text itself
   */
  public UnreadableException(String message) {
    super(message, null, false, false);
  }
}
