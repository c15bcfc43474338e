package io.bincard.domain.discount;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountEvent.BudgetReleased;
import io.bincard.domain.discount.DiscountEvent.BudgetReservationExtended;
import io.bincard.domain.discount.DiscountEvent.BudgetReserved;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountEvent.DiscountRevoked;
import io.bincard.domain.discount.DiscountEvent.Promise;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.Adjustment;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations.Reservation;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Opening balances are states that {@link OrderDiscount#evolve} and {@link CampaignAccount#evolve}
 * once came to. What they make of one history is promised here for each of their revisions.
 */
class DiscountFoldContractTest {

  private static final int EVENTS = 5_000;
  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final OrderId ORDER = new OrderId("o");
  private static final List<CampaignId> CAMPAIGNS =
      List.of(new CampaignId("a"), new CampaignId("b"), new CampaignId("c"));

  /** Only added to: if the fold means something new, it has a new number here. */
  private static final Map<Integer, String> PROMISED_ORDERS =
      Map.of(1, "c5a63df1e17168fdb58e15d9439bc6511b4d32119975e1ebee23a83c83270c9e");

  /** Only added to, too. */
  private static final Map<Integer, String> PROMISED_ACCOUNTS =
      Map.of(
          1,
          "fd3b678e37250e9958dbb79ccc156adc6730181418ed2f95a9401eb5a1795b70",
          2,
          "4619a077b989f34ebd33325a6570d7e50e7e7c5d6aea92b4cf39b874f132dd05");

  private final Random random = new Random(20_261_122);
  private final Set<Class<?>> seen = new HashSet<>();

  @Test
  void orders_come_to_the_states_that_their_revision_stands_for() throws Exception {
    MessageDigest hash = sha256();
    OrderDiscount order = OrderDiscount.UNKNOWN;
    for (int i = 0; i < EVENTS; i++) {
      DiscountEvent.OfOrder event = order.applied() ? new DiscountRevoked(ORDER) : applied();
      order = order.evolve(event);
      seen.add(event.getClass());
      hash.update(order.toString().getBytes(StandardCharsets.UTF_8));
    }

    assertThat(PROMISED_ORDERS.getOrDefault(OrderDiscount.FOLD_REVISION, "no promise yet"))
        .as("a fold with another meaning needs another OrderDiscount.FOLD_REVISION and a line here")
        .isEqualTo(HexFormat.of().formatHex(hash.digest()));
    assertThat(seen)
        .containsExactlyInAnyOrder(DiscountEvent.OfOrder.class.getPermittedSubclasses());
  }

  @Test
  void accounts_come_to_the_states_that_their_revision_stands_for() throws Exception {
    MessageDigest hash = sha256();
    CampaignAccount account = CampaignAccount.UNTOUCHED;
    List<Money> spent = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      DiscountEvent.OfAccount event;
      if (random.nextInt(2) == 0) {
        event = ofHold(account);
      } else if (spent.isEmpty() || random.nextInt(3) > 0) {
        spent.add(new Money(1 + random.nextInt(10_000), GBP));
        event = new BudgetSpent(CAMPAIGNS.getFirst(), customer(), ORDER, spent.getLast());
      } else {
        Money back = spent.remove(random.nextInt(spent.size()));
        event = new BudgetReleased(CAMPAIGNS.getFirst(), customer(), ORDER, back);
      }
      account = account.evolve(event);
      seen.add(event.getClass());
      hash.update(text(account).getBytes(StandardCharsets.UTF_8));
    }

    assertThat(PROMISED_ACCOUNTS.getOrDefault(CampaignAccount.FOLD_REVISION, "no promise yet"))
        .as(
            "a fold with another meaning needs another CampaignAccount.FOLD_REVISION and a line here")
        .isEqualTo(HexFormat.of().formatHex(hash.digest()));
    assertThat(seen)
        .containsExactlyInAnyOrder(DiscountEvent.OfAccount.class.getPermittedSubclasses());
  }

  private static String text(CampaignAccount account) {
    StringBuilder text = new StringBuilder(account.toString());
    account.reserved(GBP).forEach(text::append);
    account.reservedUses().forEach(text::append);
    return text.toString();
  }

  /** A promise, or what becomes of one. */
  private DiscountEvent.OfAccount ofHold(CampaignAccount account) {
    Instant until = Instant.EPOCH.plusSeconds(random.nextInt(5));
    List<Reservation> open = account.reserved(GBP).first(8);
    CampaignId campaign = CAMPAIGNS.getFirst();
    if (open.isEmpty() || random.nextInt(4) == 0) {
      HoldId hold = new HoldId(new UUID(random.nextLong(), random.nextLong()));
      Money some = new Money(1 + random.nextInt(100), GBP);
      return new BudgetReserved(campaign, customer(), ORDER, some, new Promise(hold, until, 1));
    }
    Reservation of = open.get(random.nextInt(open.size()));
    boolean isUsed =
        account.reservedUses().first(Integer.MAX_VALUE).stream()
            .noneMatch(use -> use.hold().equals(of.hold()));
    int uses = isUsed ? 0 : 1;
    Promise promise = new Promise(of.hold(), of.until(), uses);
    Money part = new Money(random.nextInt((int) of.amount()), GBP);
    Money all = new Money(of.amount(), GBP);
    return switch (random.nextInt(3)) {
      case 0 -> new BudgetSpent(campaign, customer(), ORDER, part, promise);
      case 1 -> new BudgetReleased(campaign, customer(), ORDER, all, promise);
      default ->
          new BudgetReservationExtended(
              campaign, customer(), ORDER, all, new Promise(of.hold(), until, uses), of.until());
    };
  }

  private static MessageDigest sha256() throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256");
  }

  private DiscountApplied applied() {
    List<PricedLine> lines = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      List<Adjustment> adjustments = new ArrayList<>();
      for (int a = random.nextInt(3); a > 0; a--) {
        CampaignId campaign = random.nextInt(3) == 0 ? null : CAMPAIGNS.get(random.nextInt(3));
        adjustments.add(new Adjustment(new RuleId("r"), campaign, 1 + random.nextInt(100)));
      }
      lines.add(
          new PricedLine(
              new CartLine(new Sku("A"), new Quantity(1), new Money(1_000, GBP), null, Set.of()),
              adjustments,
              List.of()));
    }
    return new DiscountApplied(
        ORDER,
        new PolicyFingerprint("a".repeat(64)),
        OffsetDateTime.parse("2010-12-01T12:00:00Z"),
        customer(),
        Set.of(),
        Set.of(),
        new PricedOrder(lines, List.of()),
        random.nextBoolean() ? ReleaseStage.CANARY : null);
  }

  private CustomerId customer() {
    return random.nextBoolean() ? new CustomerId("anna") : new CustomerId("bob");
  }
}
