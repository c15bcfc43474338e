package io.bincard.projections.availability;

import static java.util.Map.entry;

import io.bincard.projections.viewstore.StoredRow;
import io.bincard.projections.viewstore.ViewRow;
import java.util.Map;
import java.util.Optional;

/**
 * Turns views into Redis hashes and back, field for field as redis-om's repositories do, for every
 * event and every read pass here and reflection takes some ten times as long.
 */
public final class AvailabilityRows {

  private static final String LAPSES = "lapses";

  private AvailabilityRows() {}

  /** The row to be stored for {@code view}; its epoch and version are the store's to write. */
  static ViewRow row(AvailabilityView view) {
    return new ViewRow(
        AvailabilityView.NAME + ':' + view.id(),
        view.version(),
        Map.ofEntries(
            entry("id", StoredRow.bytes(view.id())),
            entry("sku", StoredRow.bytes(view.sku())),
            entry("location", StoredRow.bytes(view.location())),
            entry("onHand", StoredRow.bytes(view.onHand())),
            entry("reserved", StoredRow.bytes(view.reserved())),
            entry(LAPSES, StoredRow.bytes(view.lapses())),
            entry("available", StoredRow.bytes(view.available())),
            entry("safetyStock", StoredRow.bytes(view.safetyStock())),
            entry("backorderLimit", StoredRow.bytes(view.backorderLimit())),
            entry("frozen", StoredRow.bytes(view.frozen())),
            entry("position", StoredRow.bytes(view.position()))),
        ItemSets.of(view),
        null);
  }

  /**
   * The view in {@code row}; empty if there is none, if it belongs to another epoch than {@code
   * epoch}, or if it is damaged.
   */
  public static Optional<AvailabilityView> view(Map<byte[], byte[]> row, String epoch) {
    return view(row).filter(view -> view.epoch().equals(epoch));
  }

  /** The view in {@code row}, of whatever epoch; empty if there is none or if it is damaged. */
  static Optional<AvailabilityView> view(Map<byte[], byte[]> row) {
    return StoredRow.read(row, AvailabilityRows::view);
  }

  private static AvailabilityView view(StoredRow row) {
    return new AvailabilityView(
        row.text("id"),
        row.text("sku"),
        row.text("location"),
        row.number("onHand"),
        row.number("reserved"),
        // Before there were holds rows had no such field, and nothing was reserved.
        row.text(LAPSES, ""),
        row.number("available"),
        row.number("safetyStock"),
        row.number("backorderLimit"),
        row.truth("frozen"),
        row.version(),
        row.number("position"),
        row.text("epoch"));
  }
}
