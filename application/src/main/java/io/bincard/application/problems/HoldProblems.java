package io.bincard.application.problems;

import io.bincard.domain.hold.HoldRejection;
import io.bincard.domain.hold.HoldRejection.ExceedsHold;
import io.bincard.domain.hold.HoldRejection.HeldItemsFrozen;
import io.bincard.domain.hold.HoldRejection.HoldAlreadyConfirmed;
import io.bincard.domain.hold.HoldRejection.HoldAlreadyReleased;
import io.bincard.domain.hold.HoldRejection.HoldExpired;
import io.bincard.domain.hold.HoldRejection.HoldLifetimeExceeded;
import io.bincard.domain.hold.HoldRejection.OrderRefused;
import io.bincard.domain.hold.HoldRejection.PriceRefused;
import io.bincard.domain.hold.HoldRejection.StaleHoldVersion;
import io.bincard.domain.hold.HoldRejection.UnknownHold;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The problem of every rejection of holds and orders. Stored with the receipt, so a changed wording
 * never changes an old answer.
 */
public final class HoldProblems {

  private HoldProblems() {}

  /** Of a hold that is only asked for. */
  public static Problem unknown(HoldId hold) {
    return of(new UnknownHold(hold));
  }

  public static Problem of(HoldRejection rejection) {
    return switch (rejection) {
      case UnknownHold r ->
          problem(r.hold(), ProblemType.UNKNOWN_HOLD, "the ledger never had hold " + r.hold());
      case StaleHoldVersion r ->
          problem(
              r.hold(),
              ProblemType.STALE_HOLD_VERSION,
              "hold "
                  + r.hold()
                  + " is at version "
                  + r.actualVersion()
                  + ", not "
                  + r.expectedVersion(),
              "expectedVersion",
              r.expectedVersion(),
              "actualVersion",
              r.actualVersion());
      case HoldAlreadyConfirmed r ->
          problem(
              r.hold(), ProblemType.HOLD_ALREADY_CONFIRMED, "hold " + r.hold() + " was confirmed");
      case HoldAlreadyReleased r ->
          problem(
              r.hold(), ProblemType.HOLD_ALREADY_RELEASED, "hold " + r.hold() + " was released");
      case HoldExpired r ->
          problem(
              r.hold(),
              ProblemType.HOLD_EXPIRED,
              "the time of hold " + r.hold() + " was over at " + r.expiredAt(),
              "expiredAt",
              r.expiredAt());
      case HoldLifetimeExceeded r ->
          problem(
              r.hold(),
              ProblemType.HOLD_LIFETIME_EXCEEDED,
              "hold " + r.hold() + " cannot last beyond " + r.latest(),
              "requested",
              r.requested(),
              "latest",
              r.latest());
      case ExceedsHold r ->
          problem(
              r.hold(),
              ProblemType.EXCEEDS_HOLD,
              list(
                  r.excesses().stream()
                      .map(
                          excess ->
                              at(excess.sku(), excess.location())
                                  + ": "
                                  + excess.requested()
                                  + " requested, "
                                  + excess.held()
                                  + " held")
                      .toList()),
              "excesses",
              r.excesses());
      case HeldItemsFrozen r ->
          problem(
              r.hold(),
              ProblemType.HELD_ITEMS_FROZEN,
              "frozen: "
                  + list(r.items().stream().map(item -> at(item.sku(), item.location())).toList()),
              "items",
              r.items());
      case PriceRefused(var ofPrice) -> DiscountProblems.of(ofPrice);
      case OrderRefused r -> orderRefused(r);
    };
  }

  private static Problem orderRefused(OrderRefused r) {
    List<String> obstacles = new ArrayList<>();
    r.unknown()
        .forEach(place -> obstacles.add(at(place.sku(), place.location()) + " is not registered"));
    r.frozen().forEach(place -> obstacles.add(at(place.sku(), place.location()) + " is frozen"));
    r.insufficient()
        .forEach(
            shortfall ->
                obstacles.add(
                    at(shortfall.sku(), shortfall.location())
                        + ": "
                        + shortfall.requested()
                        + " requested, "
                        + shortfall.available()
                        + " available"));
    r.coupons().forEach(coupon -> obstacles.add("coupon " + coupon.coupon() + " does not apply"));
    r.budgets()
        .forEach(
            shortage ->
                obstacles.add(
                    "campaign "
                        + shortage.campaign()
                        + ": "
                        + shortage.requested()
                        + " requested, "
                        + shortage.left()
                        + " left"));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("orderId", r.orderId().value());
    members.put("unknown", r.unknown());
    members.put("frozen", r.frozen());
    members.put("insufficient", r.insufficient());
    members.put("coupons", r.coupons());
    members.put("budgets", r.budgets());
    return Problem.of(ProblemType.ORDER_REFUSED, list(obstacles), members);
  }

  private static String at(Sku sku, @Nullable LocationId location) {
    return location == null ? sku.value() : sku + " at " + location;
  }

  /** The first few of {@code words}; the members of the problem have them all. */
  private static String list(List<String> words) {
    int most = 5;
    return words.size() <= most
        ? String.join("; ", words)
        : String.join("; ", words.subList(0, most)) + " and " + (words.size() - most) + " more";
  }

  private static Problem problem(
      HoldId hold, ProblemType type, String detail, Object... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("hold", hold.value());
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return Problem.of(type, detail, members);
  }
}
