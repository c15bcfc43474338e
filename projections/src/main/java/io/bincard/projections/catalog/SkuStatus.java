package io.bincard.projections.catalog;

import com.fasterxml.jackson.annotation.JsonValue;
import io.bincard.domain.InvalidValueException;
import io.bincard.projections.storefront.Availability;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whether a SKU can be bought, over all locations; every described SKU has exactly one. */
enum SkuStatus {
  /** Something is available at a location that is not frozen. */
  IN_STOCK,
  /** Nothing is available, or it is stocked nowhere. */
  OUT_OF_STOCK,
  /** It is stocked, and its item is frozen at every location. */
  FROZEN,
  /** The shop no longer offers it, whatever lies there. */
  DISCONTINUED;

  /** As it stands in JSON and in a query. */
  @JsonValue
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The status that {@code word} says.
   *
   * @throws InvalidValueException if it says none
   */
  static SkuStatus of(String word) {
    return Arrays.stream(values())
        .filter(status -> status.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidValueException(
                    "status must be one of "
                        + String.join(
                            ", ", Arrays.stream(values()).map(SkuStatus::word).toList())));
  }

  /** The status of a SKU whose items are {@code items}. */
  static SkuStatus of(boolean discontinued, List<Availability> items) {
    if (discontinued) {
      return DISCONTINUED;
    }
    if (!items.isEmpty() && items.stream().allMatch(Availability::frozen)) {
      return FROZEN;
    }
    return items.stream().anyMatch(item -> !item.frozen() && item.available() > 0)
        ? IN_STOCK
        : OUT_OF_STOCK;
  }
}
