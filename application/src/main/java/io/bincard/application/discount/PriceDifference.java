package io.bincard.application.discount;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.discount.Discounting;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.pricing.TooManyRulesException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a price by the version that is tried out differs from the one by the version in force. */
enum PriceDifference {
  NONE,
  CHEAPER,
  DEARER,
  /** The version in force has no price for it. */
  NEW;

  /**
   * The difference of {@code priced} from what {@code stable} says.
   *
   * @param version by which {@code priced} was made
   * @return {@code null} if that is the version in force: nothing is tried out
   */
  static @Nullable PriceDifference between(
      Discounting stable, PolicyFingerprint version, Cart cart, Instant at, PricedOrder priced) {
    PolicyVersion inForce = stable.policy();
    if (inForce != null && inForce.fingerprint().equals(version)) {
      return null;
    }
    if (inForce == null || !inForce.pricing().currency().equals(cart.currency())) {
      return NEW;
    }
    long price;
    try {
      price = stable.quote(inForce, cart, inForce.at(at)).priced().finalPrice();
    } catch (TooManyRulesException e) {
      return NEW;
    }
    int difference = Long.compare(priced.finalPrice(), price);
    return difference == 0 ? NONE : difference < 0 ? CHEAPER : DEARER;
  }
}
