package io.bincard.reconciliation.feed;

/**
 * A stretch of the journal that is to be folded: one message to an Axon processor, whose work for a
 * message costs many times what folding an event does. It holds no events.
 *
 * @param after the position before its first event
 * @param upTo the position of its last event
 * @param head how far the journal went when this was asked last
 * @param onClose to be called when whoever took it is done with it, well or not
 */
record Stretch(long after, long upTo, long head, Runnable onClose) implements AutoCloseable {

  @Override
  public void close() {
    onClose.run();
  }
}
