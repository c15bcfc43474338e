package io.bincard.application.discount;

import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.discount.PriceList;
import io.bincard.domain.discount.PriceLists;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.pricing.Pricing;
import io.bincard.domain.pricing.TooManyRulesException;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.Sku;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;

/** Price lists made of the versions that the journal has. Safe for use by many threads. */
public final class JournalPriceLists implements PriceLists {

  private final PolicyTimeline timeline;
  private final PolicyShelf shelf;
  private final InstantSource clock;

  public JournalPriceLists(PolicyTimeline timeline, PolicyShelf shelf, InstantSource clock) {
    this.timeline = timeline;
    this.shelf = shelf;
    this.clock = clock;
  }

  @Override
  public Optional<PolicyFingerprint> inForce() {
    return read(() -> Optional.ofNullable(timeline.now().inForce()));
  }

  @Override
  public Listed list(
      PolicyFingerprint policy, Sku sku, Money unitPrice, @Nullable CategoryId category) {
    PolicyVersion version = read(() -> shelf.get(policy));
    if (!unitPrice.currency().equals(version.pricing().currency())) {
      return new Listed.CurrencyNotSold(version.pricing().currency());
    }
    OffsetDateTime at = version.at(clock.instant());
    try {
      return new Listed.Made(PriceList.of(version, sku, unitPrice, category, at), at);
    } catch (TooManyRulesException e) {
      return new Listed.TooManyRules(Pricing.MAX_TOUCHES);
    }
  }

  private static <T> T read(Supplier<T> journal) {
    try {
      return journal.get();
    } catch (EventStoreException e) {
      throw new LedgerUnavailableException("the journal cannot be read", e);
    }
  }
}
