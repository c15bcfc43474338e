package io.bincard.projections.catalog;

import io.bincard.domain.catalog.Catalog;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.catalog.SkuDescription;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.domain.stock.StockLocations;
import io.bincard.projections.availability.ItemSets;
import io.bincard.projections.catalog.ToldSku.Described;
import io.bincard.projections.catalog.ToldSku.Stocked;
import io.bincard.projections.reading.Look;
import io.bincard.projections.reading.ViewLooks;
import io.bincard.projections.storefront.Availabilities;
import io.bincard.projections.storefront.Availability;
import io.bincard.projections.storefront.Source;
import io.bincard.projections.storefront.StorefrontProblem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What single SKUs are called and where they are stocked: of the views, else of the ledger. */
public final class Skus {

  /** Locations of one SKU that are told at most; of more no sum is made. */
  static final int MOST_LOCATIONS = 1_000;

  private final ViewLooks looks;
  private final Availabilities availabilities;
  private final StockItems items;
  private final StockLocations locations;
  private final Catalog catalog;

  Skus(
      ViewLooks looks,
      Availabilities availabilities,
      StockItems items,
      StockLocations locations,
      Catalog catalog) {
    this.looks = looks;
    this.availabilities = availabilities;
    this.items = items;
    this.locations = locations;
    this.catalog = catalog;
  }

  /** A description and the version that it is of. */
  public record Version(SkuDescription description, long version) {}

  /**
   * What is said of {@code sku}; empty if nobody described it.
   *
   * @throws LedgerUnavailableException if it is in no view and the ledger cannot be read
   */
  public Optional<Version> describe(Sku sku) {
    return find(sku).map(told -> new Version(told.view().description(), told.view().version()));
  }

  /** A row, whoever it came of. */
  private record Found(SkuView view, long asOf, long ageMillis, Source source) {}

  /**
   * What {@code sku} is called; empty if nobody described it.
   *
   * @throws LedgerUnavailableException if it is in no view and the ledger cannot be read
   */
  Optional<Described> name(Sku sku) {
    return find(sku)
        .map(found -> Described.of(found.view(), found.asOf(), found.ageMillis(), found.source()));
  }

  private Optional<Found> find(Sku sku) {
    Optional<Look> look = looks.look(List.of(SkuView.key(sku)), List.of());
    return look.<Found>flatMap(
            seen ->
                seen.row(0, SkuView::of)
                    .map(view -> new Found(view, seen.asOf(), looks.ageMillis(seen), Source.VIEW)))
        .or(
            () -> {
              // The head first: the description is as of at least then.
              long head = items.headPosition();
              return view(sku).map(view -> new Found(view, head, 0, Source.LEDGER));
            });
  }

  /** The row that the ledger would have. */
  private Optional<SkuView> view(Sku sku) {
    return catalog.find(sku).flatMap(known -> view(sku, known));
  }

  private static Optional<SkuView> view(Sku sku, DescribedSku known) {
    return Optional.ofNullable(known.description())
        .map(description -> new SkuView(sku, description, known.version()));
  }

  /**
   * What can be sold of {@code sku} at each location and in all, as of {@code minPosition} or later
   * if that can be had; empty if nobody described it and it is stocked nowhere.
   *
   * @throws LedgerUnavailableException if some of it is in no view and the ledger cannot be read
   * @throws StorefrontProblem if it has more than {@value #MOST_LOCATIONS} locations
   */
  Optional<Stocked> stock(Sku sku, long minPosition) {
    Optional<Look> look =
        looks.look(
            List.of(SkuView.key(sku)),
            List.of(ItemSets.locations(sku, MOST_LOCATIONS + 1)),
            minPosition);
    return look.isEmpty() || (look.get().asOf() < minPosition && ledgerHas(minPosition))
        ? stockOfLedger(sku, minPosition)
        : stock(sku, look.get(), minPosition);
  }

  private Optional<Stocked> stock(Sku sku, Look look, long minPosition) {
    List<LocationId> places = look.members(0).stream().map(LocationId::new).toList();
    if (places.isEmpty()) {
      places = locations.of(sku, MOST_LOCATIONS + 1); // a set may be lost as any row may
    }
    SkuDescription said =
        look.row(0, SkuView::of).or(() -> view(sku)).map(SkuView::description).orElse(null);
    if (places.isEmpty() && said == null) {
      return Optional.empty();
    }
    List<Availability> found =
        availabilities.findEach(items(sku, places)).stream().flatMap(Optional::stream).toList();
    return Optional.of(
        Stocked.of(
            sku,
            said,
            found,
            look.asOf(),
            looks.ageMillis(look),
            Source.VIEW,
            look.asOf() < minPosition));
  }

  private Optional<Stocked> stockOfLedger(Sku sku, long minPosition) {
    long head = items.headPosition(minPosition);
    List<LocationId> places = locations.of(sku, MOST_LOCATIONS + 1);
    @Nullable SkuDescription said = view(sku).map(SkuView::description).orElse(null);
    if (places.isEmpty() && said == null) {
      return Optional.empty();
    }
    Instant now = looks.now();
    List<Availability> found =
        items(sku, places).stream()
            .flatMap(
                item ->
                    items.find(item).stream()
                        .map(state -> Availability.of(item, state, now, head, head < minPosition)))
            .toList();
    return Optional.of(Stocked.of(sku, said, found, head, 0, Source.LEDGER, head < minPosition));
  }

  private static List<StockItemId> items(Sku sku, List<LocationId> places) {
    if (places.size() > MOST_LOCATIONS) {
      throw StorefrontProblem.tooManyLocations(sku, MOST_LOCATIONS);
    }
    return places.stream().map(place -> new StockItemId(sku, place)).toList();
  }

  private boolean ledgerHas(long position) {
    try {
      return items.headPosition(position) >= position;
    } catch (LedgerUnavailableException e) {
      return false; // the views answer, and say that they are stale
    }
  }
}
