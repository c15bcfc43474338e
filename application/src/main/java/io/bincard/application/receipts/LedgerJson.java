package io.bincard.application.receipts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.catalog.SkuName;
import io.bincard.domain.discount.DiscountCommand;
import io.bincard.domain.discount.DiscountRejection;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldCommand;
import io.bincard.domain.hold.OrderLine;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.DocumentId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.EnumNaming;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * How the ledger writes JSON, in events, outcomes and fingerprints alike: values as plain strings
 * and numbers, absent parts left out. A change here changes stored data.
 */
public final class LedgerJson {

  private static final JsonMapper MAPPER;
  private static final ObjectReader READER;

  static {
    JsonMapper.Builder builder = JsonMapper.builder();
    writeValuesPlainly(builder);
    MAPPER = builder.build();
    READER =
        MAPPER
            .reader()
            .with(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  private LedgerJson() {}

  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** The value of {@code type} that {@code json} was written from; every part must be there. */
  public static <T> T read(String json, Class<T> type) {
    return READER.forType(type).readValue(json);
  }

  /** Teaches {@code mapper} the domain's values. */
  public static void writeValuesPlainly(MapperBuilder<?, ?> mapper) {
    SimpleModule values = new SimpleModule();
    text(mapper, values, Sku.class, Sku::value);
    text(mapper, values, LocationId.class, LocationId::value);
    text(mapper, values, OrderId.class, OrderId::value);
    text(mapper, values, DocumentId.class, DocumentId::value);
    text(mapper, values, Reason.class, Reason::value);
    text(mapper, values, SkuName.class, SkuName::value);
    text(mapper, values, CategoryId.class, CategoryId::value);
    text(mapper, values, CouponCode.class, CouponCode::value);
    text(mapper, values, CustomerId.class, CustomerId::value);
    text(mapper, values, CurrencyCode.class, CurrencyCode::value);
    text(mapper, values, RuleId.class, RuleId::value);
    text(mapper, values, CampaignId.class, CampaignId::value);
    text(mapper, values, PolicyFingerprint.class, PolicyFingerprint::value);
    mapper.addMixIn(HoldId.class, FromUuid.class);
    values.addSerializer(
        HoldId.class, new Plain<>((value, json) -> json.writeString(value.value())));
    mapper.addMixIn(LostRule.Reason.class, InKebabCase.class);
    mapper.addMixIn(DiscountCommand.OnExhausted.class, InKebabCase.class);
    mapper.addMixIn(DiscountRejection.Limit.class, InKebabCase.class);
    mapper.addMixIn(ReleaseStage.class, InKebabCase.class);
    mapper.addMixIn(Hold.Status.class, InKebabCase.class);
    mapper.addMixIn(HoldCommand.Rest.class, InKebabCase.class);
    mapper.addMixIn(OrderLine.class, WithoutWhatIsEmpty.class);
    units(mapper, values, Quantity.class, Quantity::units);
    units(mapper, values, Delta.class, Delta::units);
    mapper
        // An offset is a part of what was told.
        .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .changeDefaultPropertyInclusion(
            inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
        .addModule(values);
  }

  private static <T> void text(
      MapperBuilder<?, ?> mapper, SimpleModule values, Class<T> type, Function<T, String> text) {
    mapper.addMixIn(type, FromText.class);
    values.addSerializer(type, new Plain<>((value, json) -> json.writeString(text.apply(value))));
  }

  private static <T> void units(
      MapperBuilder<?, ?> mapper, SimpleModule values, Class<T> type, ToLongFunction<T> units) {
    mapper.addMixIn(type, FromUnits.class);
    values.addSerializer(
        type, new Plain<>((value, json) -> json.writeNumber(units.applyAsLong(value))));
  }

  /** Writes a value without looking its members up by reflection, as every command does. */
  private static final class Plain<T> extends ValueSerializer<T> {

    private final BiConsumer<T, JsonGenerator> write;

    Plain(BiConsumer<T, JsonGenerator> write) {
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializationContext context) {
      write.accept(value, json);
    }
  }

  /** A mix-in for words that are told and stored. */
  @EnumNaming(EnumNamingStrategies.KebabCaseStrategy.class)
  private interface InKebabCase {}

  /** A mix-in for what some forms have no member for; they read it again when it is sent on. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private interface WithoutWhatIsEmpty {}

  @SuppressWarnings("UnusedVariable") // a mix-in: Jackson reads its shape
  private abstract static class FromText {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    FromText(String value) {}
  }

  @SuppressWarnings("UnusedVariable") // a mix-in: Jackson reads its shape
  private abstract static class FromUuid {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    FromUuid(UUID id) {}
  }

  @SuppressWarnings("UnusedVariable") // a mix-in: Jackson reads its shape
  private abstract static class FromUnits {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    FromUnits(long units) {}
  }
}
