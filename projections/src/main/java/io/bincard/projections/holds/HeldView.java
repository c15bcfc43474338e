package io.bincard.projections.holds;

import static io.bincard.projections.viewstore.StoredRow.bytes;

import io.bincard.domain.hold.Hold;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.projections.viewstore.MemberRange;
import io.bincard.projections.viewstore.StoredRow;
import io.bincard.projections.viewstore.ViewRow;
import io.bincard.projections.viewstore.ViewRow.Membership;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The row of one hold.
 *
 * @param status by the books: also of what is over and nobody has written down yet
 * @param version sequence of the hold's last event that is in the row
 */
record HeldView(
    HoldId id,
    OrderId orderId,
    Hold.Status status,
    Instant placedAt,
    Instant expiresAt,
    List<Line> lines,
    long version) {

  /**
   * For how long holds are kept after the end of their time. Longer than any hold can last, so no
   * set of an order goes before a hold in it is over.
   */
  static final Duration KEPT = Duration.ofDays(30);

  /** The name of the view, which all its keys begin with. */
  static final String NAME = "hold";

  private static final String OF_ORDER = "order:";
  private static final String FIELD_END = "\t";
  private static final String LINE_END = "\n";
  private static final int DIGITS = 16;

  HeldView {
    lines = List.copyOf(lines);
  }

  /**
   * Units of one item.
   *
   * @param line of the order, from 0
   * @param quantity what was promised
   * @param confirmed what of it was sold
   */
  record Line(int line, Sku sku, LocationId location, long quantity, long confirmed) {}

  /** The row of the hold {@code id} in the state {@code hold}, which is one that was placed. */
  static HeldView of(HoldId id, Hold hold) {
    return new HeldView(
        id,
        Objects.requireNonNull(hold.orderId()),
        hold.status(),
        hold.placedAt(),
        hold.expiresAt(),
        hold.lines().stream()
            .map(
                line ->
                    new Line(
                        line.line(),
                        line.item().sku(),
                        line.item().location(),
                        line.quantity(),
                        line.confirmed()))
            .toList(),
        hold.version());
  }

  /** The key of the row of {@code id}. */
  static String key(HoldId id) {
    return NAME + ':' + id.value();
  }

  /** The row to be stored. */
  ViewRow row() {
    StringBuilder parts = new StringBuilder();
    for (Line line : lines) {
      parts
          .append(line.line())
          .append(FIELD_END)
          .append(line.sku())
          .append(FIELD_END)
          .append(line.location())
          .append(FIELD_END)
          .append(line.quantity())
          .append(FIELD_END)
          .append(line.confirmed())
          .append(LINE_END);
    }
    return new ViewRow(
        key(id),
        version,
        Map.of(
            "id", bytes(id.value()),
            "orderId", bytes(orderId),
            "status", bytes(status),
            "placedAt", bytes(placedAt),
            "expiresAt", bytes(expiresAt),
            "lines", bytes(parts)),
        List.of(new Membership(OF_ORDER + orderId, member())),
        expiresAt.plus(KEPT));
  }

  /** What is stored in {@code row}. */
  static HeldView of(StoredRow row) {
    return new HeldView(
        HoldId.of(row.text("id")),
        new OrderId(row.text("orderId")),
        Hold.Status.valueOf(row.text("status")),
        Instant.parse(row.text("placedAt")),
        Instant.parse(row.text("expiresAt")),
        row.text("lines").lines().map(HeldView::line).toList(),
        row.version());
  }

  private static Line line(String text) {
    String[] fields = text.split(FIELD_END, -1);
    return new Line(
        Integer.parseInt(fields[0]),
        new Sku(fields[1]),
        new LocationId(fields[2]),
        new Quantity(Long.parseLong(fields[3])).units(),
        new Quantity(Long.parseLong(fields[4])).units());
  }

  /**
   * Holds of {@code order}, the first placed first.
   *
   * @param after the member to go on after, {@code null} for the first
   */
  static MemberRange of(OrderId order, @Nullable String after, int limit) {
    return new MemberRange(OF_ORDER + order, after, "", null, limit);
  }

  private String member() {
    return HexFormat.of().toHexDigits(placedAt.toEpochMilli()) + ':' + id.value();
  }

  /** The hold that a member is about. */
  static HoldId hold(String member) {
    return HoldId.of(member.substring(DIGITS + 1));
  }

  /** Whether {@link #hold} can tell what {@code member} is about. */
  static boolean isMember(String member) {
    return member.matches("[0-9a-f]{16}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  }
}
