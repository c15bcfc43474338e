package io.bincard.application.discount;

import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Counts prices by the version that is tried out, by how they differ from the one in force. */
public final class CanaryPrices implements CommitListener {

  private static final String QUOTE = "quote";
  private static final String ORDER = "order";

  private final MeterRegistry meters;

  public CanaryPrices(MeterRegistry meters) {
    this.meters = meters;
    for (PriceDifference difference : PriceDifference.values()) {
      counter(QUOTE, difference);
      counter(ORDER, difference);
    }
  }

  private Counter counter(String of, PriceDifference difference) {
    return Counter.builder("bincard.discounts.canary")
        .description("Prices by the staged policy, by how they differ from the one in force")
        .tag("of", of)
        .tag("difference", difference.name().toLowerCase(Locale.ROOT))
        .register(meters);
  }

  @Override
  public void committed(Verdict verdict) {
    if (verdict instanceof DiscountTaken taken) {
      count(ORDER, taken.canary());
    }
  }

  void quoted(@Nullable PriceDifference difference) {
    count(QUOTE, difference);
  }

  private void count(String of, @Nullable PriceDifference difference) {
    if (difference != null) {
      counter(of, difference).increment();
    }
  }
}
