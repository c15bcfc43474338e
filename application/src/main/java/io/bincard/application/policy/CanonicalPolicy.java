package io.bincard.application.policy;

import io.bincard.application.receipts.Sha256;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.policy.WeeklyHours;
import io.bincard.domain.stock.Sku;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one form of a policy: JSON with the keys of its files, sorted, without defaults, entries by
 * id and instants in UTC. It is stored for ever, and its SHA-256 is the policy's fingerprint: two
 * policies that mean the same have the same one.
 */
public record CanonicalPolicy(String json, PolicyFingerprint fingerprint) {

  /** Numbers as they stand there, and no member twice. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** The form of {@code policy}. */
  public static CanonicalPolicy of(DiscountPolicy policy) {
    String json = MAPPER.writeValueAsString(new Writing(policy).policy());
    return new CanonicalPolicy(json, fingerprint(json));
  }

  /** The fingerprint of the form {@code json}. */
  public static PolicyFingerprint fingerprint(String json) {
    return new PolicyFingerprint(
        HexFormat.of().formatHex(Sha256.digest().digest(json.getBytes(StandardCharsets.UTF_8))));
  }

  /**
   * The policy that {@code json} was written from.
   *
   * @throws IllegalArgumentException if it is no such form
   */
  public static DiscountPolicy read(String json) {
    return switch (PolicyReader.readStored((ObjectNode) MAPPER.readTree(json))) {
      case PolicyReading.Read(DiscountPolicy policy) -> policy;
      case PolicyReading.Refused(List<PolicyError> errors) ->
          throw new IllegalArgumentException(errors.getFirst().toString());
    };
  }

  /**
   * The form of the policy that {@code json} says, whatever the order of its members.
   *
   * @throws InvalidValueException if it says none
   */
  public static CanonicalPolicy parse(String json) {
    try {
      return of(read(json));
    } catch (JacksonException | ClassCastException e) {
      throw new InvalidValueException("must be a JSON object, each member once");
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("is no policy: " + e.getMessage());
    }
  }

  /** Maps that sort their keys, lists that are sorted where order means nothing. */
  private static final class Writing {

    private final DiscountPolicy policy;
    private final int digits;

    Writing(DiscountPolicy policy) {
      this.policy = policy;
      this.digits = Objects.requireNonNullElse(PolicyReader.digitsOf(policy.currency()), 0);
    }

    Map<String, Object> policy() {
      Map<String, Object> form = new TreeMap<>();
      form.put("currency", policy.currency().value());
      form.put("currency-digits", digits);
      form.put("zone", policy.zone().normalized().getId());
      put(form, "category", categories());
      put(form, "campaign", sorted(policy.campaigns(), each -> each.id().value(), this::campaign));
      put(form, "rule", sorted(policy.rules(), each -> each.id().value(), this::rule));
      return form;
    }

    private static void put(Map<String, Object> form, String key, Collection<?> values) {
      if (!values.isEmpty()) {
        form.put(key, values);
      }
    }

    private static <T> List<Object> sorted(
        Collection<T> values, Function<T, String> key, Function<T, ?> write) {
      return values.stream().sorted(Comparator.comparing(key)).<Object>map(write).toList();
    }

    /** Those that SKUs or rules speak of. */
    private List<Object> categories() {
      Map<String, List<String>> byId = new TreeMap<>();
      policy
          .rules()
          .forEach(rule -> namedBy(rule).forEach(id -> byId.put(id.value(), new ArrayList<>())));
      policy
          .categories()
          .forEach(
              (sku, category) ->
                  byId.computeIfAbsent(category.value(), id -> new ArrayList<>()).add(sku.value()));
      List<Object> forms = new ArrayList<>();
      byId.forEach(
          (id, skus) -> {
            Map<String, Object> form = new TreeMap<>(Map.of("id", id));
            put(form, "skus", skus.stream().sorted().toList());
            forms.add(form);
          });
      return forms;
    }

    private static Stream<CategoryId> namedBy(Rule rule) {
      Stream<CategoryId> own = namedBy(rule.scope());
      return rule.benefit() instanceof Benefit.BuyGet buyGet && buyGet.rewards() != null
          ? Stream.concat(own, namedBy(buyGet.rewards()))
          : own;
    }

    private static Stream<CategoryId> namedBy(Scope scope) {
      return Stream.concat(scope.categories().stream(), scope.exceptCategories().stream());
    }

    private Map<String, Object> campaign(Campaign campaign) {
      Map<String, Object> form = new TreeMap<>();
      form.put("id", campaign.id().value());
      put(form, "budget", campaign.budget());
      if (campaign.uses() != null) {
        form.put("uses", campaign.uses());
      }
      if (campaign.usesPerCustomer() != null) {
        form.put("uses-per-customer", campaign.usesPerCustomer());
      }
      return form;
    }

    private void put(Map<String, Object> form, String key, @Nullable Money money) {
      if (money != null) {
        form.put(key, PolicyValue.amount(money, digits));
      }
    }

    private Map<String, Object> rule(Rule rule) {
      Map<String, Object> form = new TreeMap<>();
      form.put("id", rule.id().value());
      if (rule.priority() != 0) {
        form.put("priority", rule.priority());
      }
      switch (rule.stacking()) {
        case Stacking.Exclusive exclusive -> form.put("stacking", "exclusive");
        case Stacking.WithinGroup(String group) -> form.put("group", group);
        case Stacking.BestDeal bestDeal -> {}
      }
      put(form, "on", scope(rule.scope()));
      put(form, "when", conditions(rule.conditions()));
      form.putAll(benefit(rule.benefit()));
      put(form, "max-per-order", rule.maxPerOrder());
      if (rule.campaign() != null) {
        form.put("campaign", rule.campaign().value());
      }
      return form;
    }

    private static void put(Map<String, Object> form, String key, Map<String, Object> table) {
      if (!table.isEmpty()) {
        form.put(key, table);
      }
    }

    private static Map<String, Object> scope(Scope scope) {
      Map<String, Object> form = new TreeMap<>();
      put(form, "skus", sorted(scope.skus(), Sku::value, Sku::value));
      put(form, "categories", sorted(scope.categories(), CategoryId::value, CategoryId::value));
      put(
          form,
          "attributes",
          sorted(
              scope.attributes(),
              Object::toString,
              each -> new TreeMap<>(Map.of("name", each.name(), "value", each.value()))));
      put(form, "except-skus", sorted(scope.exceptSkus(), Sku::value, Sku::value));
      put(
          form,
          "except-categories",
          sorted(scope.exceptCategories(), CategoryId::value, CategoryId::value));
      return form;
    }

    private Map<String, Object> conditions(Conditions conditions) {
      Map<String, Object> form = new TreeMap<>();
      if (conditions.from() != null) {
        form.put("from", conditions.from().toString());
      }
      if (conditions.until() != null) {
        form.put("until", conditions.until().toString());
      }
      put(
          form,
          "hours",
          sorted(new LinkedHashSet<>(conditions.hours()), Writing::hoursKey, Writing::hours));
      if (conditions.minQuantity() > 1) { // no line has less than one unit
        form.put("min-quantity", conditions.minQuantity());
      }
      put(form, "min-order", conditions.minOrder());
      put(form, "coupons", sorted(conditions.coupons(), CouponCode::value, CouponCode::value));
      return form;
    }

    private static String hoursKey(WeeklyHours hours) {
      return hours(hours).toString();
    }

    private static Map<String, Object> hours(WeeklyHours hours) {
      return new TreeMap<>(
          Map.of(
              "days",
              hours.days().stream().sorted().map((DayOfWeek day) -> PolicyValue.day(day)).toList(),
              "from",
              hours.from().toString(),
              "until",
              hours.until().toString()));
    }

    private Map<String, Object> benefit(Benefit benefit) {
      return switch (benefit) {
        case Benefit.PerUnit perUnit -> perUnit(perUnit);
        case Benefit.VolumeTiers(var tiers) -> Map.of("volume", tiers(tiers));
        case Benefit.GraduatedTiers(var tiers) -> Map.of("graduated", tiers(tiers));
        case Benefit.BuyGet buyGet -> Map.of("buy-get", buyGet(buyGet));
        case Benefit.OrderPercentOff(var off) ->
            Map.of("order-percent-off", PolicyValue.percent(off));
        case Benefit.OrderAmountOff(var off) ->
            Map.of("order-amount-off", PolicyValue.amount(off, digits));
      };
    }

    private Map<String, Object> perUnit(Benefit.PerUnit benefit) {
      return switch (benefit) {
        case Benefit.PercentOff(var off) -> Map.of("percent-off", PolicyValue.percent(off));
        case Benefit.AmountOff(var off) -> Map.of("amount-off", PolicyValue.amount(off, digits));
        case Benefit.FixedPrice(var price) ->
            Map.of("fixed-price", PolicyValue.amount(price, digits));
      };
    }

    private List<Object> tiers(List<Benefit.Tier> tiers) {
      List<Object> forms = new ArrayList<>();
      for (Benefit.Tier tier : tiers) {
        Map<String, Object> form = new TreeMap<>(perUnit(tier.benefit()));
        form.put("from", tier.from());
        forms.add(form);
      }
      return forms;
    }

    private static Map<String, Object> buyGet(Benefit.BuyGet benefit) {
      Map<String, Object> form = new TreeMap<>();
      form.put("buy", benefit.buy());
      form.put("get", benefit.get());
      form.put("percent-off", PolicyValue.percent(benefit.off()));
      if (benefit.rewards() != null) {
        form.put("rewards", scope(benefit.rewards()));
      }
      if (benefit.times() != null) {
        form.put("times", benefit.times());
      }
      return form;
    }
  }
}
