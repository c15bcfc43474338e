package io.bincard.projections.prices;

import io.bincard.domain.catalog.SkuDescription;
import io.bincard.domain.discount.PriceList;
import io.bincard.domain.discount.PriceLists;
import io.bincard.domain.discount.PriceLists.Listed;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.stock.Sku;
import io.bincard.projections.catalog.Skus;
import io.bincard.projections.reading.Price;
import io.bincard.projections.storefront.StorefrontProblem;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What units of SKUs cost by the policy in force. */
final class Prices {

  private final Skus skus;
  private final PriceLists ledger;
  private final KeptPrices kept;

  Prices(Skus skus, PriceLists ledger, KeptPrices kept) {
    this.skus = skus;
    this.ledger = ledger;
    this.kept = kept;
  }

  /**
   * The prices of {@code sku}.
   *
   * @param currency that the reader pays in, {@code null} for whichever it is
   * @throws StorefrontProblem if there are none, and why
   * @throws io.bincard.domain.stock.LedgerUnavailableException if the ledger cannot be read
   */
  ToldPrices list(Sku sku, @Nullable CurrencyCode currency) {
    Skus.Version said = skus.describe(sku).orElseThrow(() -> StorefrontProblem.unknownSku(sku));
    Money unitPrice = said.description().unitPrice();
    if (unitPrice == null) {
      throw StorefrontProblem.noListPrice(sku);
    }
    if (currency != null && !currency.equals(unitPrice.currency())) {
      throw StorefrontProblem.currencyNotSold(currency, unitPrice.currency());
    }
    PolicyFingerprint policy = ledger.inForce().orElse(null);
    if (policy == null) {
      return told(sku, unitPrice, said.version(), null, null, PriceList.of(unitPrice));
    }
    String key = KeptPrices.key(policy.value(), sku, said.version());
    return kept.find(key)
        .orElseGet(
            () -> {
              ToldPrices made = make(sku, unitPrice, said, policy);
              kept.keep(key, made);
              return made;
            });
  }

  private ToldPrices make(Sku sku, Money unitPrice, Skus.Version said, PolicyFingerprint policy) {
    SkuDescription description = said.description();
    return switch (ledger.list(policy, sku, unitPrice, description.category())) {
      case Listed.Made(var prices, var at) ->
          told(sku, unitPrice, said.version(), policy, at, prices);
      case Listed.CurrencyNotSold(var expected) ->
          throw StorefrontProblem.currencyNotSold(unitPrice.currency(), expected);
      case Listed.TooManyRules(int most) -> throw StorefrontProblem.tooManyRules(most);
    };
  }

  private static ToldPrices told(
      Sku sku,
      Money unitPrice,
      long version,
      @Nullable PolicyFingerprint policy,
      @Nullable OffsetDateTime at,
      PriceList prices) {
    List<ToldPrices.Step> steps = prices.steps().stream().map(ToldPrices.Step::of).toList();
    return new ToldPrices(
        sku.value(),
        Price.of(unitPrice),
        version,
        policy == null ? null : policy.value(),
        at == null ? null : at.toString(),
        steps);
  }
}
