package io.bincard.projections.holds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldStates;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.OrderId;
import io.bincard.projections.reading.Look;
import io.bincard.projections.reading.Page;
import io.bincard.projections.reading.SetWalk;
import io.bincard.projections.reading.ViewLooks;
import io.bincard.projections.storefront.Source;
import io.bincard.projections.viewstore.ViewRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The holds of an order. */
final class OrderHolds {

  private final ViewLooks looks;
  private final SetWalk sets;
  private final HoldStates ledger;

  OrderHolds(ViewLooks looks, SetWalk sets, HoldStates ledger) {
    this.looks = looks;
    this.sets = sets;
    this.ledger = ledger;
  }

  /**
   * A page of an order's holds.
   *
   * @param holds the first placed first
   * @param next what {@code after} takes to go on; {@code null} at the end
   * @param completeSince holds that were over by then may be missing
   * @param asOfPosition no hold is missing for want of an event up to here
   */
  @JsonPropertyOrder({
    "orderId",
    "holds",
    "next",
    "completeSince",
    "asOfPosition",
    "ageMillis",
    "source"
  })
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Listed(
      String orderId,
      List<Told> holds,
      @Nullable String next,
      String completeSince,
      long asOfPosition,
      long ageMillis,
      Source source) {

    Listed {
      holds = List.copyOf(holds);
    }
  }

  /**
   * A hold.
   *
   * @param status {@code placed}, {@code confirmed}, {@code released} or {@code expired}; expired
   *     from the moment on that its time is over
   * @param version sequence of its last event that is in the answer
   */
  @JsonPropertyOrder({"id", "status", "placedAt", "expiresAt", "lines", "version"})
  record Told(
      String id,
      String status,
      String placedAt,
      String expiresAt,
      List<ToldLine> lines,
      long version) {

    Told {
      lines = List.copyOf(lines);
    }

    static Told of(HeldView hold, Instant now) {
      boolean isOver = hold.status() == Hold.Status.PLACED && !now.isBefore(hold.expiresAt());
      return new Told(
          hold.id().value(),
          (isOver ? Hold.Status.EXPIRED : hold.status()).name().toLowerCase(Locale.ROOT),
          hold.placedAt().toString(),
          hold.expiresAt().toString(),
          hold.lines().stream()
              .map(
                  line ->
                      new ToldLine(
                          line.line(),
                          line.sku().value(),
                          line.location().value(),
                          line.quantity(),
                          line.confirmed()))
              .toList(),
          hold.version());
    }
  }

  /** Units of one item; a line of several locations stands several times. */
  @JsonPropertyOrder({"line", "sku", "location", "quantity", "confirmed"})
  record ToldLine(int line, String sku, String location, long quantity, long confirmed) {}

  /**
   * The holds of {@code order}; empty if the views cannot be read now.
   *
   * @throws io.bincard.domain.stock.LedgerUnavailableException if the row of a hold is lost and the
   *     ledger cannot be read
   */
  Optional<Listed> list(OrderId order, Page page) {
    Instant now = looks.now();
    return sets.<Told>walk(
            page, false, (after, limit) -> HeldView.of(order, after, limit), ids -> tell(ids, now))
        .map(
            walked ->
                new Listed(
                    order.value(),
                    walked.entries(),
                    walked.next(),
                    now.minus(HeldView.KEPT).plus(ViewRow.SHORTENED).toString(),
                    walked.first().asOf(),
                    looks.ageMillis(walked.first()),
                    Source.VIEW));
  }

  private List<Optional<Told>> tell(List<String> members, Instant now) {
    List<HoldId> ids = members.stream().map(HeldView::hold).toList();
    Optional<Look> look = looks.look(ids.stream().map(HeldView::key).toList(), List.of());
    List<Optional<Told>> told = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      int place = i;
      HoldId id = ids.get(i);
      told.add(
          look.<HeldView>flatMap(seen -> seen.row(place, HeldView::of))
              .or(() -> ledger.find(id).map(hold -> HeldView.of(id, hold)))
              .map(hold -> Told.of(hold, now)));
    }
    return told;
  }
}
