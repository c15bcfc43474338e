package io.bincard.application.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Benefit.PerUnit;
import io.bincard.domain.policy.Benefit.Tier;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.policy.WeeklyHours;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a policy says, its written form says the same, and is the form of itself. */
class StoredPolicyTest {

  private static final List<String> CURRENCIES = List.of("GBP", "JPY", "KWD", "CLF", "ZZZ");
  private static final List<ZoneId> ZONES =
      List.of(
          ZoneOffset.UTC,
          ZoneOffset.ofHoursMinutesSeconds(-5, -30, -15),
          ZoneId.of("Europe/London"),
          ZoneId.of("Asia/Kathmandu"));
  private static final List<String> NAMES =
      List.of("a", "Z", "0", "a.b_c-d+e:f#g 1", "x".repeat(64), "true", "nan", "1e9");
  private static final long FIRST = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void a_written_policy_is_read_as_it_was(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      DiscountPolicy policy = new Draw(random, currency(random)).policy();
      CanonicalPolicy form = CanonicalPolicy.of(policy);

      assertThat(inOrder(CanonicalPolicy.read(form.json()))).isEqualTo(inOrder(policy));
      assertThat(CanonicalPolicy.parse(form.json())).isEqualTo(form);
    }
  }

  private static CurrencyCode currency(Random random) {
    return new CurrencyCode(CURRENCIES.get(random.nextInt(CURRENCIES.size())));
  }

  /** In the order of ids and, for what has none, of words: neither means anything. */
  private static DiscountPolicy inOrder(DiscountPolicy policy) {
    return new DiscountPolicy(
        policy.currency(),
        policy.zone(),
        policy.categories(),
        policy.campaigns().stream()
            .sorted(Comparator.comparing(each -> each.id().value()))
            .toList(),
        policy.rules().stream()
            .sorted(Comparator.comparing(each -> each.id().value()))
            .map(StoredPolicyTest::withHoursInOrder)
            .toList());
  }

  private static Rule withHoursInOrder(Rule rule) {
    Conditions when = rule.conditions();
    return new Rule(
        rule.id(),
        rule.priority(),
        rule.stacking(),
        rule.scope(),
        new Conditions(
            when.from(),
            when.until(),
            when.hours().stream()
                .sorted(
                    Comparator.comparing(WeeklyHours::from)
                        .thenComparing(WeeklyHours::until)
                        .thenComparing(each -> each.days().stream().sorted().toList().toString()))
                .toList(),
            when.minQuantity(),
            when.minOrder(),
            when.coupons()),
        rule.benefit(),
        rule.maxPerOrder(),
        rule.campaign());
  }

  private record Draw(Random random, CurrencyCode currency) {

    DiscountPolicy policy() {
      Map<Sku, CategoryId> categories = new HashMap<>();
      some(5, this::name).forEach(name -> categories.put(new Sku(name), new CategoryId(name())));
      List<Campaign> campaigns = new ArrayList<>();
      for (String id : some(3, this::name)) {
        campaigns.add(
            new Campaign(
                new CampaignId(id),
                maybe(this::amount),
                maybe(() -> 1 + number(Quantity.MAX)),
                maybe(() -> 1 + number(Quantity.MAX))));
      }
      List<Rule> rules = new ArrayList<>();
      for (String id : some(6, this::name)) {
        rules.add(rule(new RuleId(id), campaigns));
      }
      return new DiscountPolicy(currency, one(ZONES), categories, campaigns, rules);
    }

    private <T> T one(List<T> values) {
      return values.get(random.nextInt(values.size()));
    }

    private <T> Set<T> some(int most, Supplier<T> draw) {
      Set<T> some = new HashSet<>();
      for (int i = random.nextInt(most + 1); i > 0; i--) {
        some.add(draw.get());
      }
      return some;
    }

    private <T> @Nullable T maybe(Supplier<T> draw) {
      return random.nextBoolean() ? draw.get() : null;
    }

    private String name() {
      return one(NAMES);
    }

    /** From 0 to below {@code bound}, as often small as large. */
    private long number(long bound) {
      return Math.floorMod(random.nextLong() >>> random.nextInt(64), bound);
    }

    private Money amount() {
      return new Money(number(Money.MAX + 1), currency);
    }

    private BasisPoints part() {
      return new BasisPoints(random.nextInt(BasisPoints.WHOLE + 1));
    }

    private PerUnit perUnit() {
      return switch (random.nextInt(3)) {
        case 0 -> new Benefit.PercentOff(part());
        case 1 -> new Benefit.AmountOff(amount());
        default -> new Benefit.FixedPrice(amount());
      };
    }

    private List<Tier> tiers() {
      List<Tier> tiers = new ArrayList<>();
      long from = 0;
      for (int i = random.nextInt(4); i >= 0; i--) {
        from += 1 + number(Quantity.MAX / 5);
        tiers.add(new Tier(from, perUnit()));
      }
      return tiers;
    }

    private Benefit benefit(Scope scope) {
      return switch (random.nextInt(6)) {
        case 0 -> perUnit();
        case 1 -> new Benefit.VolumeTiers(tiers());
        case 2 -> new Benefit.GraduatedTiers(tiers());
        case 3 -> new Benefit.OrderPercentOff(part());
        case 4 -> new Benefit.OrderAmountOff(amount());
        default -> {
          Scope rewards = maybe(this::scope);
          yield new Benefit.BuyGet(
              1 + number(Benefit.BuyGet.MAX_UNITS),
              1 + number(Benefit.BuyGet.MAX_UNITS),
              part(),
              rewards == null || rewards.includes(scope) ? null : rewards,
              maybe(() -> 1 + number(Quantity.MAX)));
        }
      };
    }

    private Scope scope() {
      return new Scope(
          some(2, () -> new Sku(name())),
          some(2, () -> new CategoryId(name())),
          some(2, () -> new Attribute(name(), name())),
          some(1, () -> new Sku(name())),
          some(1, () -> new CategoryId(name())));
    }

    private Instant instant() {
      return Instant.ofEpochSecond(
          FIRST + number(LAST - FIRST + 1), random.nextBoolean() ? 0 : number(1_000_000_000));
    }

    private LocalTime time() {
      return random.nextBoolean()
          ? LocalTime.of(random.nextInt(24), random.nextInt(60))
          : LocalTime.ofNanoOfDay(number(86_400_000_000_000L));
    }

    private Conditions conditions() {
      Instant from = maybe(this::instant);
      Instant until = maybe(this::instant);
      Set<WeeklyHours> hours =
          some(
              2,
              () -> {
                Set<DayOfWeek> days = some(7, () -> DayOfWeek.of(1 + random.nextInt(7)));
                return new WeeklyHours(
                    days.isEmpty() ? Set.of(DayOfWeek.MONDAY) : days, time(), time());
              });
      long least = number(Quantity.MAX);
      return new Conditions(
          from,
          from != null && until != null && !until.isAfter(from) ? null : until,
          List.copyOf(hours),
          least == 1 ? 0 : least,
          maybe(this::amount),
          some(2, () -> new CouponCode(name())));
    }

    private Rule rule(RuleId id, List<Campaign> campaigns) {
      Scope scope = scope();
      return new Rule(
          id,
          random.nextInt(2_000_001) - 1_000_000,
          switch (random.nextInt(3)) {
            case 0 -> new Stacking.Exclusive();
            case 1 -> new Stacking.WithinGroup(name());
            default -> new Stacking.BestDeal();
          },
          scope,
          conditions(),
          benefit(scope),
          maybe(this::amount),
          campaigns.isEmpty() ? null : maybe(() -> one(campaigns).id()));
    }
  }
}
