package io.bincard.benchmarks.pricing;

import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.policy.PolicyFile;
import io.bincard.application.policy.PolicyReader;
import io.bincard.application.policy.PolicyReading;
import io.bincard.benchmarks.load.Sample;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.pricing.Pricing;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** The contenders of {@code P10}, who agree on what every cart costs. */
public final class PriceContest implements AutoCloseable {

  private static final int RULES = 10_000;
  private static final int FILE_LINES = 100_000;
  private static final int DIGITS = 3;

  private final Market market = Market.of(RULES);
  private final Pricing ours = new Pricing(market.policy());
  private final Pricer loop = new NaiveLoop(market);
  private final RuleEngine engine = new RuleEngine(market);
  private final String file = file();

  /**
   * @throws IllegalStateException if they do not agree
   */
  public PriceContest() {
    for (Cart cart : market.carts()) {
      long price = priced(cart);
      if (price != loop.price(cart) || price != engine.price(cart)) {
        throw new IllegalStateException("not the same price for " + cart);
      }
    }
  }

  private long priced(Cart cart) {
    return ours.price(cart, market.now(), Set.of()).finalPrice();
  }

  /** Ours, with every reason why a rule won or lost. */
  public Sample ours(Duration time) {
    Pricer pricer = this::priced;
    return pricer.round(market.carts(), time);
  }

  /** The naive loop, for the sum alone. */
  public Sample loop(Duration time) {
    return loop.round(market.carts(), time);
  }

  /** The rule engine, for the sum alone. */
  public Sample engine(Duration time) {
    return engine.round(market.carts(), time);
  }

  /** Loads a file of a hundred thousand lines until it can price: read, checked, indexed. */
  public Sample load(Duration time) {
    Histogram latencies = new Histogram(DIGITS);
    long start = System.nanoTime();
    long now = start;
    int done = 0;
    while (now - start < time.toNanos()) {
      PolicyReading reading = PolicyReader.read(List.of(new PolicyFile("base.toml", 0, file)));
      DiscountPolicy policy = ((PolicyReading.Read) reading).policy();
      PolicyVersion loaded = new PolicyVersion(NO_FINGERPRINT, policy);
      long after = System.nanoTime();
      if (loaded.policy().rules().isEmpty()) {
        throw new IllegalStateException("nothing was read");
      }
      latencies.recordValue(after - now);
      now = after;
      done++;
    }
    return Sample.of(done, 0, now - start, latencies);
  }

  private static final PolicyFingerprint NO_FINGERPRINT = CanonicalPolicy.fingerprint("");

  private static String file() {
    StringBuilder text = new StringBuilder("currency = \"GBP\"\n\n");
    int lines = 2;
    for (int i = 0; lines < FILE_LINES; i++) {
      text.append("[[rule]]\nid = \"rule-").append(i).append("\"\n");
      text.append("percent-off = ").append(1 + i % 50).append("\n[rule.on]\nskus = [\"SKU-");
      text.append(i % 5_000).append("\"]\n\n");
      lines += 6;
    }
    return text.toString();
  }

  @Override
  public void close() {
    engine.close();
  }
}
