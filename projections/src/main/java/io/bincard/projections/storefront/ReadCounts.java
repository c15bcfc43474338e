package io.bincard.projections.storefront;

import java.util.concurrent.atomic.LongAdder;

/** How many items were answered, by source, since the process started. */
public final class ReadCounts {

  private final LongAdder views = new LongAdder();
  private final LongAdder ledger = new LongAdder();
  private final LongAdder memory = new LongAdder();

  void read(Source source) {
    adder(source).increment();
  }

  /** The number of items asked of {@code source}. */
  public long of(Source source) {
    return adder(source).sum();
  }

  private LongAdder adder(Source source) {
    return switch (source) {
      case VIEW -> views;
      case LEDGER -> ledger;
      case MEMORY -> memory;
    };
  }
}
