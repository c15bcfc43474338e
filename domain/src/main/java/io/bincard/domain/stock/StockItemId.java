package io.bincard.domain.stock;

/** Which stock item: a SKU at a location. */
public record StockItemId(Sku sku, LocationId location) {

  /** What the name of every item's stream begins with. */
  public static final String STREAM_PREFIX = "stock:";

  /**
   * The item's stream in the journal, {@code stock:{sku}@{location}}; no code can hold an
   * {@code @}.
   */
  public String stream() {
    return STREAM_PREFIX + sku.value() + '@' + location.value();
  }

  /** Whether {@code stream} is that of some stock item. */
  public static boolean isStream(String stream) {
    return stream.startsWith(STREAM_PREFIX);
  }

  @Override
  public String toString() {
    return sku.value() + '@' + location.value();
  }
}
