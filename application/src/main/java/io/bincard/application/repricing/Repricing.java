package io.bincard.application.repricing;

import io.bincard.application.repricing.RecordedPrices.Recorded;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.stock.OrderId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Prices recorded orders again, each by its recorded version of the policy, at its recorded time
 * and without the campaigns that had nothing left for it. To the last reason it must come out as it
 * was recorded.
 */
final class Repricing implements Consumer<Recorded> {

  private final Function<PolicyFingerprint, PolicyVersion> policies;
  private final int shown;
  private final Set<PolicyFingerprint> versions = new HashSet<>();
  private final List<Difference> differences = new ArrayList<>();
  private long orders;
  private long lines;
  private long different;

  /**
   * An order that would have another price today.
   *
   * @param recorded what it cost, in minor units
   * @param computed what it would cost; the same if only the reasons are others
   */
  record Difference(
      long position, OrderId orderId, PolicyFingerprint policy, long recorded, long computed) {}

  /**
   * Has priced nothing yet.
   *
   * @param policies every version that there is
   * @param shown how many differences are kept to be shown
   */
  Repricing(Function<PolicyFingerprint, PolicyVersion> policies, int shown) {
    this.policies = policies;
    this.shown = shown;
  }

  @Override
  public void accept(Recorded recorded) {
    if (!(recorded.event() instanceof DiscountApplied applied)) {
      return;
    }
    PricedOrder computed =
        policies
            .apply(applied.policy())
            .pricing()
            .price(applied.cart(), applied.pricedAt(), applied.exhausted());
    orders++;
    lines += computed.lines().size();
    versions.add(applied.policy());
    if (!computed.equals(applied.priced())) {
      different++;
      if (differences.size() < shown) {
        differences.add(
            new Difference(
                recorded.position(),
                applied.orderId(),
                applied.policy(),
                applied.priced().finalPrice(),
                computed.finalPrice()));
      }
    }
  }

  long orders() {
    return orders;
  }

  long lines() {
    return lines;
  }

  int versions() {
    return versions.size();
  }

  /** How many orders came out otherwise. */
  long different() {
    return different;
  }

  /** The first of them. */
  List<Difference> differences() {
    return Collections.unmodifiableList(differences);
  }
}
