package io.bincard.domain.discount;

import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.stock.Sku;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Price lists by the policy in force, as the ledger makes them. */
public interface PriceLists {

  /**
   * The version in force; empty before the first.
   *
   * @throws io.bincard.domain.stock.LedgerUnavailableException if the ledger cannot be read
   */
  Optional<PolicyFingerprint> inForce();

  /**
   * The prices of {@code sku} at this moment by the version {@code policy}, which the ledger has.
   *
   * @param unitPrice its list price
   * @param category what it is sold as; {@code null} if the policy is to say so
   * @throws io.bincard.domain.stock.LedgerUnavailableException if the ledger cannot be read
   */
  Listed list(PolicyFingerprint policy, Sku sku, Money unitPrice, @Nullable CategoryId category);

  /** A list, or why there is none. */
  sealed interface Listed {

    /**
     * There is one.
     *
     * @param pricedAt by the clocks of the policy's zone
     */
    record Made(PriceList prices, OffsetDateTime pricedAt) implements Listed {}

    /** The policy has prices in another currency. */
    record CurrencyNotSold(CurrencyCode expected) implements Listed {}

    /** More rules are about the SKU than may be about an order. */
    record TooManyRules(int most) implements Listed {}
  }
}
