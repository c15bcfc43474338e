package io.bincard.domain.discount;

import io.bincard.domain.discount.DiscountEvent.BudgetReleased;
import io.bincard.domain.discount.DiscountEvent.BudgetReservationExtended;
import io.bincard.domain.discount.DiscountEvent.BudgetReserved;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.discount.DiscountEvent.Promise;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.reservation.Reservations;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What a campaign spent, in all or on one customer, and what it promised to holds.
 *
 * @param version sequence of the last event of the account's stream, {@link #NO_VERSION} before the
 *     first
 * @param spent what orders have and did not give back, in minor units of each currency; a campaign
 *     keeps its account when a policy in another currency takes it over
 * @param uses orders that have something of it
 * @param reserved what it is to pay for orders that are held, in minor units of each currency
 * @param reservedUses orders that are held and have something of it
 */
public record CampaignAccount(
    long version,
    Map<CurrencyCode, Long> spent,
    long uses,
    Map<CurrencyCode, Reservations> reserved,
    Reservations reservedUses) {

  /** The version of an account that nothing was taken from yet. */
  public static final long NO_VERSION = -1;

  /**
   * Of {@link #evolve}: raised whenever some stream leads to another state than before, for states
   * that were stored on the way are void then.
   */
  public static final int FOLD_REVISION = 2;

  /** An account that nothing was taken from yet. */
  public static final CampaignAccount UNTOUCHED = new CampaignAccount(NO_VERSION, Map.of(), 0);

  /**
   * @throws IllegalArgumentException if a figure is out of its range; no accepted command leads
   *     there, so the stored events or the snapshot are not what was once written
   */
  public CampaignAccount {
    spent = Map.copyOf(spent);
    reserved = Map.copyOf(reserved);
    if (version < NO_VERSION
        || spent.values().stream().anyMatch(amount -> amount <= 0 || amount > Money.MAX)
        || reserved.values().stream()
            .anyMatch(amounts -> amounts.isEmpty() || amounts.total() > Money.MAX)
        || uses < 0
        || uses > Money.MAX) {
      throw new IllegalArgumentException(
          "no account can be at version "
              + version
              + " with "
              + spent
              + " spent and "
              + reserved
              + " reserved in "
              + uses
              + " uses");
    }
  }

  /** An account that promised nothing. */
  public CampaignAccount(long version, Map<CurrencyCode, Long> spent, long uses) {
    this(version, spent, uses, Map.of(), Reservations.NONE);
  }

  /**
   * The state after {@code event}; pure, and the only way the state moves, live and in replay.
   *
   * @throws IllegalStateException if a promise ends that was not made
   */
  public CampaignAccount evolve(DiscountEvent.OfAccount event) {
    CurrencyCode currency = event.amount().currency();
    long amount = event.amount().amount();
    return switch (event) {
      case BudgetReserved(_, _, _, _, Promise p) ->
          new CampaignAccount(
              version + 1, spent, uses, more(currency, p, amount), more(p, reservedUses));
      case BudgetReservationExtended(_, _, _, _, Promise p, Instant from) -> {
        Promise before = new Promise(p.hold(), from, p.uses());
        yield new CampaignAccount(
            version + 1,
            spent,
            uses,
            amount == 0
                ? reserved
                : with(
                    reserved,
                    currency,
                    reserved(currency)
                        .minus(p.hold(), from, amount)
                        .plus(p.hold(), p.until(), amount)),
            more(p, less(before, reservedUses)));
      }
      case BudgetSpent(_, _, _, _, Promise p) ->
          p == null
              ? new CampaignAccount(
                  version + 1, spent(currency, amount), uses + 1, reserved, reservedUses)
              : new CampaignAccount(
                  version + 1,
                  spent(currency, amount),
                  uses + p.uses(),
                  less(currency, p, amount),
                  less(p, reservedUses));
      case BudgetReleased(_, _, _, _, Promise p) ->
          p == null
              ? new CampaignAccount(
                  version + 1, spent(currency, -amount), uses - 1, reserved, reservedUses)
              : new CampaignAccount(
                  version + 1, spent, uses, less(currency, p, amount), less(p, reservedUses));
    };
  }

  private Map<CurrencyCode, Long> spent(CurrencyCode currency, long more) {
    Map<CurrencyCode, Long> after = new HashMap<>(spent);
    after.merge(currency, more, Long::sum);
    after.values().removeIf(left -> left == 0);
    return after;
  }

  private Map<CurrencyCode, Reservations> more(CurrencyCode currency, Promise to, long amount) {
    return with(reserved, currency, reserved(currency).plus(to.hold(), to.until(), amount));
  }

  private Map<CurrencyCode, Reservations> less(CurrencyCode currency, Promise of, long amount) {
    return amount == 0
        ? reserved
        : with(reserved, currency, reserved(currency).minus(of.hold(), of.until(), amount));
  }

  private static Map<CurrencyCode, Reservations> with(
      Map<CurrencyCode, Reservations> before, CurrencyCode currency, Reservations amounts) {
    Map<CurrencyCode, Reservations> after = new HashMap<>(before);
    after.put(currency, amounts);
    after.values().removeIf(Reservations::isEmpty);
    return after;
  }

  private static Reservations more(Promise to, Reservations uses) {
    return to.uses() == 0 ? uses : uses.plus(to.hold(), to.until(), to.uses());
  }

  private static Reservations less(Promise of, Reservations uses) {
    return of.uses() == 0 ? uses : uses.minus(of.hold(), of.until(), of.uses());
  }

  /** What orders in {@code currency} have and did not give back, in minor units. */
  public long spent(CurrencyCode currency) {
    return spent.getOrDefault(currency, 0L);
  }

  /** What is promised to holds in {@code currency}, in minor units, lapsed or not. */
  public Reservations reserved(CurrencyCode currency) {
    return reserved.getOrDefault(currency, Reservations.NONE);
  }

  /** What is spent or promised in {@code currency} at {@code now}, in minor units. */
  public long taken(CurrencyCode currency, Instant now) {
    Reservations promised = reserved(currency);
    return spent(currency) + promised.total() - promised.lapsed(now);
  }

  /** Orders that have something of it, or are promised it, at {@code now}. */
  public long takenUses(Instant now) {
    return uses + reservedUses.total() - reservedUses.lapsed(now);
  }
}
