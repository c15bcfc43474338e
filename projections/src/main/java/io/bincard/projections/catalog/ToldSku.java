package io.bincard.projections.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.catalog.SkuDescription;
import io.bincard.domain.stock.Sku;
import io.bincard.projections.reading.Price;
import io.bincard.projections.storefront.Availability;
import io.bincard.projections.storefront.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of SKUs. */
final class ToldSku {

  private ToldSku() {}

  /**
   * What a SKU is called.
   *
   * @param version sequence of the description's event
   */
  @JsonPropertyOrder({
    "sku",
    "name",
    "category",
    "unitPrice",
    "discontinued",
    "version",
    "asOfPosition",
    "ageMillis",
    "source"
  })
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Described(
      String sku,
      String name,
      @Nullable String category,
      @Nullable Price unitPrice,
      boolean discontinued,
      long version,
      long asOfPosition,
      long ageMillis,
      Source source) {

    static Described of(SkuView view, long asOf, long ageMillis, Source source) {
      SkuDescription said = view.description();
      return new Described(
          view.sku().value(),
          said.name().value(),
          word(said.category()),
          Price.ofAny(said.unitPrice()),
          said.discontinued(),
          view.version(),
          asOf,
          ageMillis,
          source);
    }
  }

  /** Sums over locations, in units. */
  @JsonPropertyOrder({"onHand", "reserved", "available"})
  record Total(long onHand, long reserved, long available) {

    /** The sums of {@code items}, which are too few to be more than a {@code long}. */
    static Total of(List<Availability> items) {
      return new Total(
          items.stream().mapToLong(Availability::onHand).sum(),
          items.stream().mapToLong(Availability::reserved).sum(),
          items.stream().mapToLong(Availability::available).sum());
    }
  }

  /**
   * What can be sold of a SKU.
   *
   * @param name {@code null} if nobody described it
   * @param locations in the order of their codes
   * @param asOfPosition no location is missing for want of an event up to here
   * @param stale whether the answer is older than the position that was asked for
   */
  @JsonPropertyOrder({
    "sku",
    "name",
    "category",
    "discontinued",
    "total",
    "locations",
    "asOfPosition",
    "ageMillis",
    "source",
    "stale"
  })
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Stocked(
      String sku,
      @Nullable String name,
      @Nullable String category,
      @Nullable Boolean discontinued,
      Total total,
      List<Availability> locations,
      long asOfPosition,
      long ageMillis,
      Source source,
      boolean stale) {

    Stocked {
      locations = List.copyOf(locations);
    }

    static Stocked of(
        Sku sku,
        @Nullable SkuDescription said,
        List<Availability> locations,
        long asOf,
        long ageMillis,
        Source source,
        boolean stale) {
      return new Stocked(
          sku.value(),
          said == null ? null : said.name().value(),
          said == null ? null : word(said.category()),
          said == null ? null : said.discontinued(),
          Total.of(locations),
          locations,
          asOf,
          ageMillis,
          source,
          stale);
    }
  }

  /** A SKU in a list. */
  @JsonPropertyOrder({
    "sku",
    "name",
    "category",
    "unitPrice",
    "discontinued",
    "status",
    "total",
    "version"
  })
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Entry(
      String sku,
      String name,
      @Nullable String category,
      @Nullable Price unitPrice,
      boolean discontinued,
      SkuStatus status,
      Total total,
      long version) {

    static Entry of(SkuView view, List<Availability> items) {
      SkuDescription said = view.description();
      return new Entry(
          view.sku().value(),
          said.name().value(),
          word(said.category()),
          Price.ofAny(said.unitPrice()),
          said.discontinued(),
          SkuStatus.of(said.discontinued(), items),
          Total.of(items),
          view.version());
    }
  }

  /**
   * A page of SKUs.
   *
   * @param next what {@code after} takes to go on; {@code null} at the end
   * @param asOfPosition no SKU is missing for want of an event up to here
   */
  @JsonPropertyOrder({"skus", "next", "asOfPosition", "ageMillis", "source"})
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Listed(
      List<Entry> skus, @Nullable String next, long asOfPosition, long ageMillis, Source source) {

    Listed {
      skus = List.copyOf(skus);
    }
  }

  private static @Nullable String word(@Nullable CategoryId category) {
    return category == null ? null : category.value();
  }
}
