package io.bincard.reconciliation.decoding;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory;
import java.util.Set;

/** What the fold reads, seen by the witness, who changes nothing of it. */
final class WitnessedHistory implements LedgerHistory {

  private final LedgerHistory history;
  private final FeedWitness witness;

  WitnessedHistory(LedgerHistory history, FeedWitness witness) {
    this.history = history;
    this.witness = witness;
  }

  @Override
  public long headPosition() {
    return history.headPosition();
  }

  @Override
  public long streams(String prefix, long upTo) {
    return history.streams(prefix, upTo);
  }

  @Override
  public void read(long after, long upTo, Set<Class<? extends LedgerEvent>> kinds, Reader reader) {
    FoldedPage page = witness.page(after, upTo);
    history.read(
        after,
        upTo,
        kinds,
        part -> {
          part.events().forEach(page::take);
          return reader.take(part);
        });
    witness.given(page);
  }
}
