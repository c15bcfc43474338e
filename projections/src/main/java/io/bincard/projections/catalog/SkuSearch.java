package io.bincard.projections.catalog;

import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.availability.ItemSets;
import io.bincard.projections.catalog.ToldSku.Entry;
import io.bincard.projections.catalog.ToldSku.Listed;
import io.bincard.projections.reading.Look;
import io.bincard.projections.reading.Page;
import io.bincard.projections.reading.SetWalk;
import io.bincard.projections.reading.ViewLooks;
import io.bincard.projections.storefront.Availabilities;
import io.bincard.projections.storefront.Availability;
import io.bincard.projections.storefront.Source;
import io.bincard.projections.storefront.StorefrontProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists of SKUs that were described, in the order of their names. */
final class SkuSearch {

  private final ViewLooks looks;
  private final SetWalk sets;
  private final Availabilities availabilities;

  SkuSearch(ViewLooks looks, SetWalk sets, Availabilities availabilities) {
    this.looks = looks;
    this.sets = sets;
    this.availabilities = availabilities;
  }

  /**
   * What is sought.
   *
   * @param category {@code null} for any
   * @param namePrefix what names begin with, in letters of any size; empty for any
   * @param status {@code null} for any
   */
  record Sought(@Nullable CategoryId category, String namePrefix, @Nullable SkuStatus status) {}

  /**
   * A page of what is sought; empty if the views cannot be read now.
   *
   * @throws io.bincard.domain.stock.LedgerUnavailableException if some item is in no view and the
   *     ledger cannot be read
   * @throws StorefrontProblem if a SKU has too many locations, or the views go away meanwhile
   */
  Optional<Listed> list(Sought sought, Page page) {
    return sets.<Entry>walk(
            page,
            sought.status() != null,
            (after, limit) -> NamedSkus.range(sought.category(), sought.namePrefix(), after, limit),
            members -> judge(members, sought))
        .map(
            walked ->
                new Listed(
                    walked.entries(),
                    walked.next(),
                    walked.first().asOf(),
                    looks.ageMillis(walked.first()),
                    Source.VIEW));
  }

  private List<Optional<Entry>> judge(List<String> members, Sought sought) {
    if (members.isEmpty()) {
      return List.of();
    }
    List<Sku> skus = members.stream().map(NamedSkus::sku).toList();
    Look look =
        looks
            .look(
                skus.stream().map(SkuView::key).toList(),
                skus.stream().map(sku -> ItemSets.locations(sku, Skus.MOST_LOCATIONS + 1)).toList())
            .orElseThrow(StorefrontProblem::viewsUnavailable);
    List<List<StockItemId>> items = new ArrayList<>(skus.size());
    for (int i = 0; i < skus.size(); i++) {
      Sku sku = skus.get(i);
      if (look.members(i).size() > Skus.MOST_LOCATIONS) {
        throw StorefrontProblem.tooManyLocations(sku, Skus.MOST_LOCATIONS);
      }
      items.add(
          look.members(i).stream()
              .map(place -> new StockItemId(sku, new LocationId(place)))
              .toList());
    }
    List<Optional<Availability>> known =
        availabilities.findEach(items.stream().flatMap(List::stream).toList());
    List<Optional<Entry>> judged = new ArrayList<>(skus.size());
    int at = 0;
    for (int i = 0; i < skus.size(); i++) {
      String member = members.get(i);
      List<Availability> own =
          known.subList(at, at += items.get(i).size()).stream().flatMap(Optional::stream).toList();
      // A SKU that was described anew since the set was read stands elsewhere by now, or nowhere.
      judged.add(
          look.row(i, SkuView::of)
              .filter(view -> NamedSkus.isOf(member, view, sought.category()))
              .map(view -> Entry.of(view, own))
              .filter(entry -> sought.status() == null || entry.status() == sought.status()));
    }
    return judged;
  }
}
