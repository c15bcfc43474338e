package io.bincard.application.policy;

import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.policy.WeeklyHours;
import io.bincard.domain.stock.Sku;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Currency;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a policy of its files, or says everything that is wrong with them.
 *
 * <p>Files of the same layer are one: no id may stand twice in them, and no setting be given two
 * values. An entry of a higher layer takes the place of the one with the same id below, a setting
 * that of the same setting, and {@code remove} takes entries of lower layers away.
 */
public final class PolicyReader {

  /** Rules in a policy. */
  public static final int MAX_RULES = 100_000;

  /**
   * Rules in a policy that neither name what they are about nor ask for a coupon: every cart has to
   * do with each of them.
   */
  public static final int MAX_OPEN_RULES = 1_000;

  private final Mistakes mistakes = new Mistakes();
  private final Map<CategoryId, PolicyTable> categories = new LinkedHashMap<>();
  private final Map<CampaignId, PolicyTable> campaigns = new LinkedHashMap<>();
  private final Map<RuleId, PolicyTable> rules = new LinkedHashMap<>();
  private final Map<String, Object> settings = new HashMap<>();

  private PolicyReader() {}

  /** Reads the policy that {@code files} are, in any order. */
  public static PolicyReading read(Collection<PolicyFile> files) {
    PolicyReader reader = new PolicyReader();
    List<PolicyError> unreadable = new ArrayList<>();
    Map<PolicyFile, ObjectNode> roots = new LinkedHashMap<>();
    TomlLines lines = new TomlLines();
    for (PolicyFile file : files) {
      try {
        roots.put(file, Toml.parse(file));
      } catch (JacksonException e) {
        unreadable.addAll(lines.broken(file, e));
      }
    }
    if (!unreadable.isEmpty()) {
      return new PolicyReading.Refused(unreadable);
    }
    return reader.read(roots);
  }

  /** Reads a policy as {@link CanonicalPolicy} writes it. */
  static PolicyReading readStored(ObjectNode root) {
    return new PolicyReader().read(Map.of(new PolicyFile("the stored policy", 0, ""), root));
  }

  private PolicyReading read(Map<PolicyFile, ObjectNode> roots) {
    List<PolicyFile> files =
        roots.keySet().stream()
            .sorted(Comparator.comparingInt(PolicyFile::layer).thenComparing(PolicyFile::name))
            .toList();
    Map<Integer, List<PolicyTable>> layers = new TreeMap<>();
    for (PolicyFile file : files) {
      layers
          .computeIfAbsent(file.layer(), layer -> new ArrayList<>())
          .add(new PolicyTable(Objects.requireNonNull(roots.get(file)), Place.top(file), mistakes));
    }
    layers.values().forEach(this::gather);
    DiscountPolicy policy = policy(files.isEmpty() ? new PolicyFile("", 0, "") : files.getFirst());
    return policy == null || mistakes.count() > 0
        ? new PolicyReading.Refused(new TomlLines().locate(mistakes))
        : new PolicyReading.Read(policy);
  }

  /** Takes what stands in the files of a layer to the parts of the policy. */
  private void gather(List<PolicyTable> layer) {
    Map<String, Object> ofLayer = new HashMap<>();
    for (PolicyTable top : layer) {
      set(ofLayer, "currency", top, top.find("currency", PolicyValue.CURRENCY));
      set(ofLayer, "zone", top, top.find("zone", PolicyValue.ZONE));
      set(ofLayer, "currency-digits", top, top.find("currency-digits", PolicyValue.DIGITS));
      PolicyTable removed = top.table("remove");
      if (removed != null) {
        remove(removed, "categories", PolicyValue.CATEGORY_ID, categories);
        remove(removed, "campaigns", PolicyValue.CAMPAIGN_ID, campaigns);
        remove(removed, "rules", PolicyValue.RULE_ID, rules);
        removed.close();
      }
    }
    settings.putAll(ofLayer);
    Set<Object> ids = new HashSet<>();
    for (PolicyTable top : layer) {
      add(top.tables("category"), PolicyValue.CATEGORY_ID, categories, ids);
      add(top.tables("campaign"), PolicyValue.CAMPAIGN_ID, campaigns, ids);
      add(top.tables("rule"), PolicyValue.RULE_ID, rules, ids);
      top.close();
    }
  }

  private static void set(
      Map<String, Object> ofLayer, String key, PolicyTable top, @Nullable Object value) {
    Object other = value == null ? null : ofLayer.putIfAbsent(key, value);
    if (other != null && !other.equals(value)) {
      top.wrong(key, other + ", as in another file beside it");
    }
  }

  private static <K> void remove(
      PolicyTable removed, String key, PolicyValue<K> kind, Map<K, PolicyTable> from) {
    for (K id : removed.list(key, kind)) {
      if (from.remove(id) == null) {
        removed.wrong(key, "names that stand in a lower layer, and not " + id);
      }
    }
  }

  private static <K> void add(
      List<PolicyTable> tables, PolicyValue<K> kind, Map<K, PolicyTable> to, Set<Object> ofLayer) {
    for (PolicyTable table : tables) {
      K id = table.get("id", kind);
      if (id != null && !ofLayer.add(id)) {
        table.wrong("id", "a name that stands once, and it stands in " + to.get(id) + " already");
      } else if (id != null) {
        to.put(id, table);
      }
    }
  }

  /** The policy of what was gathered; {@code null} if it cannot be made. */
  private @Nullable DiscountPolicy policy(PolicyFile first) {
    if (!(settings.get("currency") instanceof CurrencyCode currency)) {
      missing(first, "currency", PolicyValue.CURRENCY.expected());
      return null;
    }
    Integer scale =
        settings.get("currency-digits") instanceof Integer digits ? digits : digitsOf(currency);
    if (scale == null) {
      missing(first, "currency", "a currency of ISO 4217, or its currency-digits");
      return null;
    }
    if (rules.size() > MAX_RULES) {
      tooMany(first, rules.size(), "at most " + MAX_RULES + " rules");
      return null;
    }
    Entries entries =
        new Entries(
            PolicyValue.money(currency, scale),
            settings.get("zone") instanceof ZoneId zone ? zone : ZoneOffset.UTC);
    Map<Sku, CategoryId> skus = entries.categories();
    List<Campaign> read = entries.campaigns();
    List<Rule> made = entries.rules();
    long open = made.stream().filter(PolicyReader::isOpen).count();
    if (open > MAX_OPEN_RULES) {
      tooMany(
          first,
          open,
          "at most "
              + MAX_OPEN_RULES
              + " rules that neither name skus, categories or attributes nor ask for coupons");
    }
    return mistakes.count() > 0
        ? null
        : new DiscountPolicy(currency, entries.clocks(), skus, read, made);
  }

  private static boolean isOpen(Rule rule) {
    return rule.conditions().coupons().isEmpty()
        && (rule.scope().isOpen()
            || (rule.benefit() instanceof Benefit.BuyGet buyGet
                && buyGet.rewards() != null
                && buyGet.rewards().isOpen()));
  }

  private void tooMany(PolicyFile file, long count, String expected) {
    mistakes.add(Place.top(file).key("rule"), expected, Long.toString(count));
  }

  private void missing(PolicyFile file, String key, String expected) {
    mistakes.add(Place.top(file).key(key), expected, "nothing like it");
  }

  /** How many digits {@code code} has after the point; {@code null} if nobody knows. */
  static @Nullable Integer digitsOf(CurrencyCode code) {
    try {
      int known = Currency.getInstance(code.value()).getDefaultFractionDigits();
      return known < 0 ? null : known;
    } catch (IllegalArgumentException unknown) {
      return null;
    }
  }

  /** The entries of a policy whose currency and zone are known. */
  private final class Entries {

    private static final Set<String> BENEFITS =
        new LinkedHashSet<>(
            List.of(
                "percent-off",
                "amount-off",
                "fixed-price",
                "volume",
                "graduated",
                "buy-get",
                "order-percent-off",
                "order-amount-off"));

    private static final Set<String> PER_UNIT =
        new LinkedHashSet<>(List.of("percent-off", "amount-off", "fixed-price"));

    private static final PolicyValue<String> STACKING =
        PolicyValue.oneOf(Set.of("exclusive", "best-deal"));

    private final PolicyValue<Money> money;
    private final PolicyValue<Instant> instant;
    private final ZoneId clocks;

    Entries(PolicyValue<Money> money, ZoneId clocks) {
      this.money = money;
      this.clocks = clocks;
      this.instant = PolicyValue.instant(clocks);
    }

    ZoneId clocks() {
      return clocks;
    }

    Map<Sku, CategoryId> categories() {
      Map<Sku, CategoryId> bySku = new HashMap<>();
      categories.forEach(
          (id, table) -> {
            for (Sku sku : table.list("skus", PolicyValue.SKU)) {
              CategoryId other = bySku.put(sku, id);
              if (other != null) {
                table.wrong(
                    "skus", "SKUs of one category alone; " + sku + " is in " + other + " too");
              }
            }
            table.close();
          });
      return bySku;
    }

    List<Campaign> campaigns() {
      List<Campaign> made = new ArrayList<>();
      campaigns.forEach(
          (id, table) -> {
            made.add(
                new Campaign(
                    id,
                    table.find("budget", money),
                    table.find("uses", PolicyValue.COUNT),
                    table.find("uses-per-customer", PolicyValue.COUNT)));
            table.close();
          });
      return made;
    }

    List<Rule> rules() {
      List<Rule> made = new ArrayList<>(rules.size());
      rules.forEach(
          (id, table) -> {
            Rule rule = rule(id, table);
            table.close();
            if (rule != null) {
              made.add(rule);
            }
          });
      return made;
    }

    private @Nullable Rule rule(RuleId id, PolicyTable table) {
      Integer priority = table.find("priority", PolicyValue.PRIORITY);
      Stacking stacking = stacking(table);
      Scope scope = scope(table.table("on"));
      Conditions conditions = conditions(table.table("when"));
      Benefit benefit = benefit(table, scope);
      Money maxPerOrder = table.find("max-per-order", money);
      CampaignId campaign = table.find("campaign", PolicyValue.CAMPAIGN_ID);
      if (campaign != null && !campaigns.containsKey(campaign)) {
        table.wrong("campaign", "one of the campaigns of this policy");
      }
      return benefit == null || conditions == null
          ? null
          : new Rule(
              id,
              priority == null ? 0 : priority,
              stacking,
              scope,
              conditions,
              benefit,
              maxPerOrder,
              campaign);
    }

    private Stacking stacking(PolicyTable table) {
      String word = table.find("stacking", STACKING);
      String group = table.find("group", PolicyValue.CODE_TEXT);
      if (word != null && group != null) {
        table.wrong("stacking", "nothing beside a group: a rule of a group stacks with its group");
      }
      if (group != null) {
        return new Stacking.WithinGroup(group);
      }
      return "exclusive".equals(word) ? new Stacking.Exclusive() : new Stacking.BestDeal();
    }

    private Scope scope(@Nullable PolicyTable table) {
      if (table == null) {
        return Scope.EVERYTHING;
      }
      Set<Attribute> attributes = new HashSet<>();
      for (PolicyTable each : table.tables("attributes")) {
        String name = each.get("name", PolicyValue.CODE_TEXT);
        String value = each.get("value", PolicyValue.CODE_TEXT);
        each.close();
        if (name != null && value != null) {
          attributes.add(new Attribute(name, value));
        }
      }
      for (String key : List.of("skus", "categories", "attributes")) {
        table.refuseEmpty(key);
      }
      Scope scope =
          new Scope(
              Set.copyOf(table.list("skus", PolicyValue.SKU)),
              known(table, "categories"),
              attributes,
              Set.copyOf(table.list("except-skus", PolicyValue.SKU)),
              known(table, "except-categories"));
      table.close();
      return scope;
    }

    private Set<CategoryId> known(PolicyTable table, String key) {
      List<CategoryId> named = table.list(key, PolicyValue.CATEGORY_ID);
      for (CategoryId id : named) {
        if (!categories.containsKey(id)) {
          table.wrong(key, "categories of this policy, and " + id + " is none");
        }
      }
      return Set.copyOf(named);
    }

    private @Nullable Conditions conditions(@Nullable PolicyTable table) {
      if (table == null) {
        return Conditions.NONE;
      }
      Instant from = table.find("from", instant);
      Instant until = table.find("until", instant);
      table.refuseEmpty("hours");
      table.refuseEmpty("coupons");
      List<WeeklyHours> hours = table.tables("hours").stream().map(this::hours).distinct().toList();
      Long minQuantity = table.find("min-quantity", PolicyValue.UNITS);
      Money minOrder = table.find("min-order", money);
      List<CouponCode> coupons = table.list("coupons", PolicyValue.COUPON);
      table.close();
      if (from != null && until != null && !until.isAfter(from)) {
        table.wrong("until", "an end after the beginning, which is " + from);
        return null;
      }
      return new Conditions(
          from,
          until,
          hours,
          minQuantity == null || minQuantity == 1 ? 0 : minQuantity, // no line has fewer than one
          minOrder,
          Set.copyOf(coupons));
    }

    private WeeklyHours hours(PolicyTable table) {
      table.refuseEmpty("days");
      List<DayOfWeek> days = table.list("days", PolicyValue.DAY);
      LocalTime from = table.get("from", PolicyValue.TIME);
      LocalTime until = table.get("until", PolicyValue.TIME);
      table.close();
      return new WeeklyHours(
          days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : EnumSet.copyOf(days),
          from == null ? LocalTime.MIDNIGHT : from,
          until == null ? LocalTime.MIDNIGHT : until);
    }

    private @Nullable Benefit benefit(PolicyTable table, Scope scope) {
      String kind = theOne(table, BENEFITS);
      return switch (kind) {
        case null -> null;
        case "volume" -> tiers(table, kind, Benefit.VolumeTiers::new);
        case "graduated" -> tiers(table, kind, Benefit.GraduatedTiers::new);
        case "buy-get" -> buyGet(table, scope);
        case "order-percent-off" ->
            made(table.find(kind, PolicyValue.PERCENT), Benefit.OrderPercentOff::new);
        case "order-amount-off" -> made(table.find(kind, money), Benefit.OrderAmountOff::new);
        default -> perUnit(table, kind);
      };
    }

    /**
     * The only one of {@code kinds} that stands in {@code table}; noted as wrong if it is not one.
     */
    private static @Nullable String theOne(PolicyTable table, Set<String> kinds) {
      List<String> there = kinds.stream().filter(table::has).toList();
      if (there.size() == 1) {
        return there.getFirst();
      }
      String expected = "exactly one of " + String.join(", ", kinds);
      table
          .mistakes()
          .add(
              table.place(),
              expected,
              there.isEmpty() ? "none of them" : String.join(" and ", there));
      there.forEach(table::skip);
      return null;
    }

    private Benefit.@Nullable PerUnit perUnit(PolicyTable table, String kind) {
      return switch (kind) {
        case "percent-off" -> made(table.find(kind, PolicyValue.PERCENT), Benefit.PercentOff::new);
        case "amount-off" -> made(table.find(kind, money), Benefit.AmountOff::new);
        case "fixed-price" -> made(table.find(kind, money), Benefit.FixedPrice::new);
        default -> throw new IllegalStateException(kind + " is no benefit per unit");
      };
    }

    private static <T, R> @Nullable R made(@Nullable T value, Function<T, R> make) {
      return value == null ? null : make.apply(value);
    }

    private @Nullable Benefit tiers(
        PolicyTable table, String kind, Function<List<Benefit.Tier>, Benefit> make) {
      List<Benefit.Tier> tiers = new ArrayList<>();
      int before = mistakes.count();
      for (PolicyTable each : table.tables(kind)) {
        Long from = each.get("from", PolicyValue.UNITS);
        String own = theOne(each, PER_UNIT);
        Benefit.PerUnit benefit = own == null ? null : perUnit(each, own);
        each.close();
        if (from != null && !tiers.isEmpty() && from <= tiers.getLast().from()) {
          each.wrong(
              "from", "more than " + tiers.getLast().from() + ", where the tier before begins");
        } else if (from != null && benefit != null) {
          tiers.add(new Benefit.Tier(from, benefit));
        }
      }
      if (tiers.isEmpty() && mistakes.count() == before) {
        table.wrong(kind, "at least one tier");
      }
      return tiers.isEmpty() ? null : make.apply(tiers);
    }

    private @Nullable Benefit buyGet(PolicyTable rule, Scope scope) {
      PolicyTable table = rule.table("buy-get");
      if (table == null) {
        return null;
      }
      Long buy = table.get("buy", PolicyValue.POOLED);
      Long get = table.get("get", PolicyValue.POOLED);
      var off = table.get("percent-off", PolicyValue.PERCENT);
      int before = mistakes.count();
      PolicyTable rewards = table.table("rewards");
      table.refuseEmpty("rewards");
      Scope rewarded = rewards == null ? null : scope(rewards);
      if (rewarded != null && mistakes.count() == before && rewarded.includes(scope)) {
        table.wrong(
            "rewards",
            "something else than what the rule is about, for what may be cheaper is not counted as"
                + " bought");
      }
      Long times = table.find("times", PolicyValue.COUNT);
      table.close();
      return buy == null || get == null || off == null
          ? null
          : new Benefit.BuyGet(buy, get, off, rewarded, times);
    }
  }
}
