package io.bincard.domain.hold;

import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldEvent.HoldConfirmed;
import io.bincard.domain.hold.HoldEvent.HoldExpired;
import io.bincard.domain.hold.HoldEvent.HoldExtended;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.HoldReleased;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.money.Rounding;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A promise: what of it is still held, and until when.
 *
 * @param version sequence of the last event of the hold's stream, {@link #NO_VERSION} before the
 *     first
 * @param orderId whose it is, {@code null} before the first event
 * @param customer who buys, {@code null} if nobody said so or nothing was priced
 * @param currency of all prices, {@code null} without any
 * @param lines what was promised, in the order's order
 */
public record Hold(
    long version,
    Status status,
    @Nullable OrderId orderId,
    @Nullable CustomerId customer,
    @Nullable CurrencyCode currency,
    List<Line> lines,
    Instant placedAt,
    Instant expiresAt) {

  /** The version of a hold that never was. */
  public static final long NO_VERSION = -1;

  /**
   * Of {@link #evolve}: raised whenever some stream leads to another state than before, for states
   * that were stored on the way are void then.
   */
  public static final int FOLD_REVISION = 1;

  /** How far it is. */
  public enum Status {
    /** It never was. */
    UNKNOWN,
    /** Something is still held. */
    PLACED,
    /** All of it was sold, or a part and the rest released with that. */
    CONFIRMED,
    /** What was held, or left of it, was given back. */
    RELEASED,
    /** What was held, or left of it, was given back when its time was over. */
    EXPIRED
  }

  /** A hold that never was. */
  public static final Hold UNKNOWN =
      new Hold(
          NO_VERSION, Status.UNKNOWN, null, null, null, List.of(), Instant.EPOCH, Instant.EPOCH);

  public Hold {
    lines = List.copyOf(lines);
  }

  /**
   * Units of one item.
   *
   * @param line of the order, from 0
   * @param quantity what was promised, at least 1
   * @param confirmed what of it was sold
   * @param finalPrice what is to be paid for all of {@code quantity}, in minor units; 0 without
   *     prices
   * @param paid what of it campaigns pay, in minor units
   */
  public record Line(
      int line,
      StockItemId item,
      long quantity,
      long confirmed,
      long finalPrice,
      Map<CampaignId, Long> paid) {

    public Line {
      paid = Collections.unmodifiableMap(new LinkedHashMap<>(paid));
    }

    long left() {
      return quantity - confirmed;
    }

    Line confirm(long units) {
      return new Line(line, item, quantity, confirmed + units, finalPrice, paid);
    }

    /**
     * What the next {@code units} are of {@code amount}: the difference of what is rounded half
     * even before and after them, so that all parts together come to the amount.
     */
    long share(long amount, long units) {
      return portion(amount, confirmed, confirmed + units, quantity);
    }
  }

  /** What units {@code from} to {@code to} of {@code of} are of {@code amount}. */
  private static long portion(long amount, long from, long to, long of) {
    return Rounding.halfEven(amount, to, of) - Rounding.halfEven(amount, from, of);
  }

  /** Whether something is held and its time not over at {@code now}. */
  public boolean isOpen(Instant now) {
    return status == Status.PLACED && now.isBefore(expiresAt);
  }

  /** Whether its time is over at {@code now} and that is not written down yet. */
  public boolean isOverdue(Instant now) {
    return status == Status.PLACED && !now.isBefore(expiresAt);
  }

  /** Whether some of it was sold. */
  public boolean isConfirmedInPart() {
    return lines.stream().anyMatch(line -> line.confirmed() > 0);
  }

  /** Whether all of it was sold. */
  public boolean isConfirmedWhole() {
    return lines.stream().allMatch(line -> line.left() == 0);
  }

  /** The units of each item that are still held. */
  Map<StockItemId, Long> left() {
    Map<StockItemId, Long> left = new LinkedHashMap<>();
    for (Line line : lines) {
      if (line.left() > 0) {
        left.merge(line.item(), line.left(), Long::sum);
      }
    }
    return left;
  }

  /** Whether the use of {@code campaign} went with units that were sold. */
  boolean hasUsed(CampaignId campaign) {
    return lines.stream()
        .anyMatch(line -> line.confirmed() > 0 && line.paid().containsKey(campaign));
  }

  /** What each campaign is still to pay, in minor units; also 0. */
  Map<CampaignId, Long> leftToPay() {
    return toPay(lines.stream().map(Line::left).toList());
  }

  /**
   * What each campaign pays for {@code units} of each line, in minor units; also 0, which is not
   * what a campaign that pays for none of them has.
   */
  Map<CampaignId, Long> toPay(List<Long> units) {
    Map<CampaignId, Long> sums = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      long some = units.get(i);
      if (some > 0) {
        line.paid()
            .forEach(
                (campaign, amount) -> sums.merge(campaign, line.share(amount, some), Long::sum));
      }
    }
    return sums;
  }

  /**
   * {@code units} of each line with what is to be paid for them; lines without any are left out.
   */
  List<Part> parts(List<Long> units) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      long some = units.get(i);
      if (some > 0) {
        parts.add(
            new Part(
                line.line(),
                line.item().sku(),
                line.item().location(),
                new Quantity(some),
                currency == null
                    ? null
                    : new Money(line.share(line.finalPrice(), some), currency)));
      }
    }
    return parts;
  }

  /**
   * The state after {@code event}; pure, and the only way the state moves, live and in replay.
   *
   * @throws IllegalStateException if a stream does not begin with its one {@link HoldPlaced}, or
   *     goes on behind its end
   */
  public Hold evolve(HoldEvent event) {
    if (event instanceof HoldPlaced != (status == Status.UNKNOWN)
        || (status != Status.UNKNOWN && status != Status.PLACED)) {
      throw new IllegalStateException(
          event.getClass().getSimpleName() + " cannot follow " + status + " at " + version);
    }
    return switch (event) {
      case HoldPlaced e -> placed(e);
      case HoldExtended e -> to(Status.PLACED, lines, e.expiresAt());
      case HoldConfirmed e -> {
        List<Line> after = confirmed(e.parts());
        boolean isLeft = e.rest() == Rest.KEEP;
        yield to(isLeft ? Status.PLACED : Status.CONFIRMED, after, expiresAt);
      }
      case HoldReleased e -> to(Status.RELEASED, lines, expiresAt);
      case HoldExpired e -> to(Status.EXPIRED, lines, expiresAt);
    };
  }

  private Hold to(Status after, List<Line> linesAfter, Instant ends) {
    return new Hold(version + 1, after, orderId, customer, currency, linesAfter, placedAt, ends);
  }

  private static Hold placed(HoldPlaced event) {
    DiscountApplied price = event.price();
    List<Line> lines = new ArrayList<>(event.parts().size());
    long before = 0;
    int lineBefore = -1;
    for (Part part : event.parts()) {
      long units = part.quantity().units();
      before = part.line() == lineBefore ? before : 0;
      Map<CampaignId, Long> paid =
          price == null
              ? Map.of()
              : paid(price.priced().lines().get(part.line()), before, before + units);
      lines.add(
          new Line(
              part.line(),
              part.item(),
              units,
              0,
              part.finalPrice() == null ? 0 : part.finalPrice().amount(),
              paid));
      before += units;
      lineBefore = part.line();
    }
    return new Hold(
        0,
        Status.PLACED,
        event.orderId(),
        price == null ? null : price.customer(),
        price == null ? null : price.cart().currency(),
        lines,
        event.placedAt(),
        event.expiresAt());
  }

  private static Map<CampaignId, Long> paid(PricedLine line, long from, long to) {
    Map<CampaignId, Long> sums = new LinkedHashMap<>();
    line.adjustments()
        .forEach(
            taken -> {
              if (taken.campaign() != null) {
                sums.merge(taken.campaign(), taken.amount(), Long::sum);
              }
            });
    long of = line.line().quantity().units();
    sums.replaceAll((campaign, amount) -> portion(amount, from, to, of));
    return sums;
  }

  /** What units {@code from} to {@code to} of {@code line} cost, in minor units. */
  static long finalPrice(PricedLine line, long from, long to) {
    return portion(line.finalPrice(), from, to, line.line().quantity().units());
  }

  /** Units that were sold, on their lines. */
  private List<Line> confirmed(List<Part> parts) {
    List<Line> after = new ArrayList<>(lines);
    for (Part part : parts) {
      boolean found = false;
      for (int i = 0; i < after.size() && !found; i++) {
        Line line = after.get(i);
        found =
            line.line() == part.line()
                && line.item().equals(part.item())
                && line.left() >= part.quantity().units();
        if (found) {
          after.set(i, line.confirm(part.quantity().units()));
        }
      }
      if (!found) {
        throw new IllegalStateException(
            part.quantity() + " of " + part.item() + " were not held on line " + part.line());
      }
    }
    return after;
  }
}
