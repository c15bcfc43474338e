package io.bincard.reconciliation.feed;

import io.bincard.reconciliation.expected.JournalFold;
import java.time.Duration;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the journal for reconciliation's own fold, by one thread, the worker of its processor. It
 * writes in the transaction in which Axon moves the token.
 */
@ProcessingGroup(ExpectedProjection.GROUP)
final class ExpectedProjection {

  /** Name of the processing group, and so of the token: never to be changed. */
  static final String GROUP = "reconciliation";

  private static final Logger LOG = LoggerFactory.getLogger(ExpectedProjection.class);
  private static final long TOLD_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

  private final JournalFold fold;
  private final List<PageListener> listeners;
  private final int longest;
  private boolean isBehind;
  private long lastToldNanos;

  /**
   * @param longest positions of a stretch at most; who has more before him is behind
   */
  ExpectedProjection(JournalFold fold, List<PageListener> listeners, int longest) {
    this.fold = fold;
    this.listeners = List.copyOf(listeners);
    this.longest = longest;
  }

  @EventHandler
  void on(Stretch stretch) {
    try (stretch) {
      JournalFold.Page page = fold.fold(stretch.after(), stretch.upTo());
      CurrentUnitOfWork.get()
          .afterCommit(
              _ -> {
                listeners.forEach(
                    listener -> listener.folded(page.touched(), page.after(), page.upTo()));
                tell(stretch);
              });
    }
  }

  private void tell(Stretch stretch) {
    boolean wasBehind = isBehind;
    isBehind = stretch.head() - stretch.upTo() > longest;
    boolean isTime = System.nanoTime() - lastToldNanos >= TOLD_EVERY_NANOS;
    if (isBehind && (!wasBehind || isTime)) {
      lastToldNanos = System.nanoTime();
      LOG.atInfo()
          .addKeyValue("position", stretch.upTo())
          .addKeyValue("of", stretch.head())
          .log("Reconciliation folds what the journal has");
    } else if (wasBehind && !isBehind) {
      LOG.atInfo()
          .addKeyValue("position", stretch.upTo())
          .log("Reconciliation has folded what the journal had");
    }
  }
}
