package io.bincard.benchmarks.pricing;

import io.bincard.benchmarks.load.Sample;
import io.bincard.domain.cart.Cart;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Something that knows what a cart costs. */
interface Pricer {

  int DIGITS = 3;

  /** The final price of {@code cart}, in minor units. */
  long price(Cart cart);

  /** Prices {@code carts} in turns, one after the other in this thread, for {@code time}. */
  default Sample round(List<Cart> carts, Duration time) {
    Histogram latencies = new Histogram(DIGITS);
    long start = System.nanoTime();
    long end = start + time.toNanos();
    long now = start;
    long sum = 0;
    int done = 0;
    while (now < end) {
      sum += price(carts.get(done++ % carts.size()));
      long after = System.nanoTime();
      latencies.recordValue(after - now);
      now = after;
    }
    if (sum < 0) {
      throw new IllegalStateException("carts that cost less than nothing");
    }
    return Sample.of(done, 0, now - start, latencies);
  }
}
