package io.bincard.domain.policy;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rule gives. No benefit gives more than there is to pay. */
public sealed interface Benefit {

  /** On each line of the rule's scope by itself, or by units pooled over them. */
  sealed interface OnLines extends Benefit {}

  /** The same for each unit. */
  sealed interface PerUnit extends OnLines {}

  /** A part of what is to be paid, rounded half even per line. */
  record PercentOff(BasisPoints off) implements PerUnit {}

  /** So much less for each unit. */
  record AmountOff(Money off) implements PerUnit {}

  /** So much for each unit, if that is less. */
  record FixedPrice(Money price) implements PerUnit {}

  /**
   * A benefit from so many units on.
   *
   * @param from units, at least 1
   */
  record Tier(long from, PerUnit benefit) {
    /**
     * @throws InvalidValueException if {@code from} is below 1
     */
    public Tier {
      if (from < 1) {
        throw new InvalidValueException("a tier must begin at 1 unit or more");
      }
    }
  }

  /**
   * All units of a SKU have the benefit of the highest tier that their number reaches: ten are
   * cheaper from the first one on.
   */
  record VolumeTiers(List<Tier> tiers) implements OnLines {
    /**
     * @throws InvalidValueException if there is no tier, or if they do not rise
     */
    public VolumeTiers {
      tiers = rising(tiers);
    }
  }

  /**
   * Each unit of a SKU has the benefit of the tier that it lies in: of ten the first nine cost what
   * they did. Units are counted in the order of the lines. What the units of a tier cost is rounded
   * half even, and what is taken off them again.
   */
  record GraduatedTiers(List<Tier> tiers) implements OnLines {
    /**
     * @throws InvalidValueException if there is no tier, or if they do not rise
     */
    public GraduatedTiers {
      tiers = rising(tiers);
    }
  }

  private static List<Tier> rising(List<Tier> tiers) {
    if (tiers.isEmpty()) {
      throw new InvalidValueException("there must be a tier");
    }
    for (int i = 1; i < tiers.size(); i++) {
      if (tiers.get(i).from() <= tiers.get(i - 1).from()) {
        throw new InvalidValueException("each tier must begin above the one before");
      }
    }
    return List.copyOf(tiers);
  }

  /**
   * Who buys some units is given others cheaper, the cheapest ones by list price. What these cost
   * is rounded half even, and what is taken off them again.
   *
   * @param buy units to be paid in full each time, at least 1
   * @param get units that are cheaper each time, at least 1
   * @param off how much cheaper; 100 % is free
   * @param rewards what may be cheaper, a line of which does not count as bought; {@code null} for
   *     the rule's own scope, in which {@code buy + get} units are needed each time
   * @param times how often in an order, at least 1; {@code null} for no limit
   */
  record BuyGet(long buy, long get, BasisPoints off, @Nullable Scope rewards, @Nullable Long times)
      implements OnLines {

    /** Of {@link #buy} and {@link #get}. */
    public static final long MAX_UNITS = 1_000_000;

    /**
     * @throws InvalidValueException if a number is out of its range
     */
    public BuyGet {
      if (buy < 1 || buy > MAX_UNITS || get < 1 || get > MAX_UNITS) {
        throw new InvalidValueException("units to buy and to get must be 1 to " + MAX_UNITS);
      }
      if (times != null && times < 1) {
        throw new InvalidValueException("a number of times must be at least 1");
      }
    }
  }

  /**
   * On all lines of the rule's scope together, after the benefits on lines; shared out over them.
   */
  sealed interface OnOrder extends Benefit {}

  /** A part of what is left to pay, rounded half even once. */
  record OrderPercentOff(BasisPoints off) implements OnOrder {}

  /** So much less, once. */
  record OrderAmountOff(Money off) implements OnOrder {}
}
