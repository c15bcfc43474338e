package io.bincard.projections.availability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;

import io.bincard.projections.viewstore.ViewRow;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns views into Redis hashes and back, field for field as redis-om's repositories do, for every
 * event and every read pass here and reflection takes some ten times as long.
 */
public final class AvailabilityRows {

  private static final String LAPSES = "lapses";
  private static final String YES = "true";
  private static final String NO = "false";

  private AvailabilityRows() {}

  /** The row to be stored for {@code view}; its epoch and version are the store's to write. */
  static ViewRow row(AvailabilityView view) {
    return new ViewRow(
        AvailabilityView.NAME + ':' + view.id(),
        view.version(),
        Map.ofEntries(
            entry("id", bytes(view.id())),
            entry("sku", bytes(view.sku())),
            entry("location", bytes(view.location())),
            entry("onHand", bytes(view.onHand())),
            entry("reserved", bytes(view.reserved())),
            entry(LAPSES, bytes(view.lapses())),
            entry("available", bytes(view.available())),
            entry("safetyStock", bytes(view.safetyStock())),
            entry("backorderLimit", bytes(view.backorderLimit())),
            entry("frozen", bytes(view.frozen() ? YES : NO)),
            entry("position", bytes(view.position()))),
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
    Map<String, String> fields = new HashMap<>();
    row.forEach((field, value) -> fields.put(new String(field, UTF_8), new String(value, UTF_8)));
    try {
      return Optional.of(
          new AvailabilityView(
              text(fields.get("id")),
              text(fields.get("sku")),
              text(fields.get("location")),
              number(fields.get("onHand")),
              number(fields.get("reserved")),
              // Before there were holds rows had no such field, and nothing was reserved.
              fields.getOrDefault(LAPSES, ""),
              number(fields.get("available")),
              number(fields.get("safetyStock")),
              number(fields.get("backorderLimit")),
              truth(fields.get("frozen")),
              number(fields.get("version")),
              number(fields.get("position")),
              text(fields.get("epoch"))));
    } catch (DamagedRowException e) {
      return Optional.empty();
    }
  }

  /** A field is missing or is not what it should be. */
  private static final class DamagedRowException extends RuntimeException {}

  private static String text(@Nullable String field) {
    if (field == null) {
      throw new DamagedRowException();
    }
    return field;
  }

  private static long number(@Nullable String field) {
    try {
      return Long.parseLong(text(field));
    } catch (NumberFormatException e) {
      throw (DamagedRowException) new DamagedRowException().initCause(e);
    }
  }

  private static boolean truth(@Nullable String field) {
    return switch (text(field)) {
      case YES -> true;
      case NO -> false;
      default -> throw new DamagedRowException();
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] bytes(long number) {
    return bytes(Long.toString(number));
  }
}
