package io.bincard.projections.lowstock;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.availability.ItemSets;
import io.bincard.projections.reading.Page;
import io.bincard.projections.reading.SetWalk;
import io.bincard.projections.reading.ViewLooks;
import io.bincard.projections.storefront.Availabilities;
import io.bincard.projections.storefront.Availability;
import io.bincard.projections.storefront.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Items of which little is available. */
final class LowStock {

  private final ViewLooks looks;
  private final SetWalk sets;
  private final Availabilities availabilities;

  LowStock(ViewLooks looks, SetWalk sets, Availabilities availabilities) {
    this.looks = looks;
    this.sets = sets;
    this.availabilities = availabilities;
  }

  /**
   * A page of the list.
   *
   * @param items in the order of what the books said was available; each as of the moment
   * @param next what {@code after} takes to go on; {@code null} at the end
   * @param asOfPosition no item is missing for want of an event up to here
   */
  @JsonPropertyOrder({"threshold", "items", "next", "asOfPosition", "ageMillis", "source"})
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Listed(
      long threshold,
      List<Availability> items,
      @Nullable String next,
      long asOfPosition,
      long ageMillis,
      Source source) {

    Listed {
      items = List.copyOf(items);
    }
  }

  /**
   * Items of which no more than {@code threshold} units are available; empty if the views cannot be
   * read now.
   *
   * @param location at which, {@code null} for anywhere
   * @throws io.bincard.domain.stock.LedgerUnavailableException if some row is in no view and the
   *     ledger cannot be read
   */
  Optional<Listed> list(long threshold, @Nullable LocationId location, Page page) {
    return sets.<Availability>walk(
            page,
            location != null,
            (after, limit) -> ItemSets.lowStock(after, threshold, limit),
            members -> judge(members, threshold, location))
        .map(
            walked ->
                new Listed(
                    threshold,
                    walked.entries(),
                    walked.next(),
                    walked.first().asOf(),
                    looks.ageMillis(walked.first()),
                    Source.VIEW));
  }

  private List<Optional<Availability>> judge(
      List<String> members, long threshold, @Nullable LocationId location) {
    List<Optional<Availability>> judged =
        new ArrayList<>(Collections.nCopies(members.size(), Optional.empty()));
    List<StockItemId> items = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      StockItemId item = ItemSets.item(members.get(i));
      if (location == null || item.location().equals(location)) {
        items.add(item);
        places.add(i);
      }
    }
    List<Optional<Availability>> found = availabilities.findEach(items);
    for (int i = 0; i < items.size(); i++) {
      // What was promised until a moment ago is on offer again, though the books do not say so yet.
      judged.set(places.get(i), found.get(i).filter(one -> one.available() <= threshold));
    }
    return judged;
  }
}
