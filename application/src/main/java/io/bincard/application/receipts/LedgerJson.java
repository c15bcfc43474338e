package io.bincard.application.receipts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.DocumentId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.json.JsonMapper;

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
    mapper
        .changeDefaultPropertyInclusion(
            inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
        .addMixIn(Sku.class, Text.class)
        .addMixIn(LocationId.class, Text.class)
        .addMixIn(OrderId.class, Text.class)
        .addMixIn(DocumentId.class, Text.class)
        .addMixIn(Reason.class, Text.class)
        .addMixIn(Quantity.class, Units.class)
        .addMixIn(Delta.class, Units.class);
  }

  @SuppressWarnings("UnusedVariable") // a mix-in: Jackson reads its shape
  private abstract static class Text {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Text(String value) {}

    @JsonValue
    abstract String value();
  }

  @SuppressWarnings("UnusedVariable") // a mix-in: Jackson reads its shape
  private abstract static class Units {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Units(long units) {}

    @JsonValue
    abstract long units();
  }
}
