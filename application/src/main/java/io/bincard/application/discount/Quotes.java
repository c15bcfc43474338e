package io.bincard.application.discount;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.bincard.application.problems.DiscountProblems;
import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.writer.StreamStates;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.Discounting;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.pricing.TooManyRulesException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Prices that nothing is taken for. Safe for use by many threads. */
public final class Quotes {

  private static final int MAX_ACCOUNTS = 100_000;

  private final PolicyTimeline timeline;
  private final PolicyShelf shelf;
  private final LoadingCache<AccountId, CampaignAccount> accounts;
  private final RecentCarts carts;
  private final CanaryPrices canary;
  private final InstantSource clock;

  /**
   * Quotes by the policy in force.
   *
   * @param accountAge how old what is known of a campaign's spending may be
   */
  public Quotes(
      PolicyTimeline timeline,
      PolicyShelf shelf,
      StreamStates<AccountId, CampaignAccount> accounts,
      RecentCarts carts,
      CanaryPrices canary,
      Duration accountAge,
      InstantSource clock) {
    this.timeline = timeline;
    this.shelf = shelf;
    this.accounts =
        Caffeine.newBuilder()
            .maximumSize(MAX_ACCOUNTS)
            .expireAfterWrite(accountAge)
            .build(accounts::load);
    this.carts = carts;
    this.canary = canary;
    this.clock = clock;
  }

  /** A price, or why there is none. */
  public sealed interface Quote {
    record Priced(PricedOrderView order) implements Quote {}

    record Refused(Problem problem) implements Quote {}
  }

  /**
   * The price of {@code cart}.
   *
   * @param at {@code null} for now; at another time campaigns pay whatever they are asked
   * @param stage by which version; the one that is tried out is asked of any instant
   */
  public Quote quote(Cart cart, @Nullable Instant at, ReleaseStage stage) {
    PolicyTimeline.Known known = timeline.known();
    PolicyFingerprint staged = stage == ReleaseStage.CANARY ? known.now().staged() : null;
    // Now by the order of the journal, as orders are: the clock of this node may be wrong.
    PolicyFingerprint stable = at == null ? known.now().inForce() : known.inForceAt(at);
    Instant moment = at == null ? clock.instant() : at;
    PolicyFingerprint fingerprint = staged == null ? stable : staged;
    if (fingerprint == null) {
      return new Quote.Refused(
          Problem.of(
              ProblemType.NO_POLICY_IN_FORCE, "there is no policy to price by at that moment"));
    }
    PolicyVersion version = shelf.get(fingerprint);
    if (!cart.currency().equals(version.pricing().currency())) {
      return new Quote.Refused(
          Problem.of(
              ProblemType.CURRENCY_NOT_SOLD,
              "the policy has prices in another currency",
              Map.of(
                  "requested",
                  cart.currency().value(),
                  "expected",
                  version.pricing().currency().value())));
    }
    Function<AccountId, CampaignAccount> spent =
        at == null ? accounts::get : id -> CampaignAccount.UNTOUCHED;
    OffsetDateTime local = version.at(moment);
    Discounting.Offer offer;
    try {
      offer = new Discounting(version, spent).quote(version, cart, local);
    } catch (TooManyRulesException e) {
      return new Quote.Refused(DiscountProblems.tooManyRules());
    }
    carts.add(cart); // one that no version can price is none to try the next on
    if (staged != null) {
      Discounting discounting = new Discounting(stable == null ? null : shelf.get(stable), spent);
      canary.quoted(PriceDifference.between(discounting, staged, cart, moment, offer.priced()));
    }
    return new Quote.Priced(PricedOrderView.of(fingerprint, local, offer));
  }
}
