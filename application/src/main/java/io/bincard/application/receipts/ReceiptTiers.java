package io.bincard.application.receipts;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long receipts are kept, and how near they are.
 *
 * <p>A key that is a UUIDv7 tells when it was made. No command is run whose key claims to be made
 * more than {@code clockSkew} from now; so its receipt is never older than its time by more than
 * that, and the look-up may leave every older day alone. Receipts stay for {@code warm} and {@code
 * clockSkew}: as long as a key that is not expired may need them.
 *
 * @param hot how long after its command a receipt is found without touching older days
 * @param warm how long after its command a receipt is kept at all; a UUIDv7 that is older is
 *     refused, for nobody knows any more what it was told
 * @param clockSkew how far the clock of a sender may be ahead of this one
 */
@ConfigurationProperties("bincard.receipts")
public record ReceiptTiers(
    @DefaultValue("7d") Duration hot,
    @DefaultValue("90d") Duration warm,
    @DefaultValue("2d") Duration clockSkew) {

  /** The tiers of a ledger that nobody has set otherwise. */
  public static final ReceiptTiers DEFAULT =
      new ReceiptTiers(Duration.ofDays(7), Duration.ofDays(90), Duration.ofDays(2));

  /** What the time in a key says about running its command, should it have no receipt. */
  public enum Age {
    /** The command may be run. Every key that is no UUIDv7 is of this age. */
    OPEN,
    /** The key is older than any receipt. */
    EXPIRED,
    /** The key claims to be made in the future. */
    AHEAD
  }

  /**
   * @throws IllegalArgumentException if a tier is not positive, or {@code hot} is longer than
   *     {@code warm}
   */
  public ReceiptTiers {
    if (hot.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException(
          "bincard.receipts.hot must be a day or longer, not " + hot);
    }
    if (hot.compareTo(warm) > 0) {
      throw new IllegalArgumentException(
          "bincard.receipts.hot must not be longer than bincard.receipts.warm, but "
              + hot
              + " is longer than "
              + warm);
    }
    if (clockSkew.isNegative()) {
      throw new IllegalArgumentException(
          "bincard.receipts.clock-skew must not be negative, as " + clockSkew + " is");
    }
  }

  /** How long a day of receipts is kept after its end. */
  public Duration kept() {
    return warm.plus(clockSkew);
  }

  /** The age of {@code key} as of {@code now}. */
  public Age ageOf(CommandKey key, Instant now) {
    Instant made = key.madeAt();
    if (made == null) {
      return Age.OPEN;
    }
    if (made.isBefore(now.minus(warm))) {
      return Age.EXPIRED;
    }
    return made.isAfter(now.plus(clockSkew)) ? Age.AHEAD : Age.OPEN;
  }

  /**
   * The earliest moment at which {@code key} can have been given a receipt; {@code null} if it does
   * not tell.
   */
  @Nullable Instant earliestReceiptOf(CommandKey key, Instant now) {
    Instant made = key.madeAt();
    return made == null || ageOf(key, now) != Age.OPEN ? null : made.minus(clockSkew);
  }
}
