package io.bincard.reconciliation.expected;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldEvent;
import io.bincard.domain.hold.HoldEvent.HoldConfirmed;
import io.bincard.domain.hold.HoldEvent.HoldExpired;
import io.bincard.domain.hold.HoldEvent.HoldExtended;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.HoldReleased;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.reservation.HoldId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A hold by reconciliation's own account of it. */
record ExpectedHold(
    String id,
    String orderId,
    Status status,
    Instant placedAt,
    Instant expiresAt,
    List<Line> lines,
    long version,
    long position)
    implements Expected {

  static final String PREFIX = "hold:";

  /** For how long after its time a view keeps a hold. */
  private static final Duration KEPT = Duration.ofDays(30);

  ExpectedHold {
    lines = List.copyOf(lines);
  }

  /** As a row has it. */
  enum Status {
    PLACED,
    CONFIRMED,
    RELEASED,
    EXPIRED
  }

  /**
   * Units of one item.
   *
   * @param line of the order, from 0
   * @param confirmed what of {@code quantity} was sold
   */
  record Line(int line, String sku, String location, long quantity, long confirmed) {

    private static Line of(Part part) {
      return new Line(
          part.line(), part.sku().value(), part.location().value(), part.quantity().units(), 0);
    }

    /** Whether {@code part} can be sold of it. */
    private boolean has(Part part) {
      return line == part.line()
          && sku.equals(part.sku().value())
          && location.equals(part.location().value())
          && quantity - confirmed >= part.quantity().units();
    }

    private Line less(Part part) {
      return new Line(line, sku, location, quantity, confirmed + part.quantity().units());
    }

    private static Line parse(String text) {
      String[] fields = text.split("\t", -1);
      return new Line(
          Integer.parseInt(fields[0]),
          fields[1],
          fields[2],
          Long.parseLong(fields[3]),
          Long.parseLong(fields[4]));
    }

    private String text() {
      return "%d\t%s\t%s\t%d\t%d\n".formatted(line, sku, location, quantity, confirmed);
    }
  }

  static String key(HoldId hold) {
    return PREFIX + hold.value();
  }

  @Override
  public String key() {
    return PREFIX + id;
  }

  static ExpectedHold after(
      @Nullable ExpectedHold before, HoldEvent event, CommittedEvent committed) {
    if (before == null) {
      if (event instanceof HoldPlaced placed) {
        return new ExpectedHold(
            placed.hold().value(),
            placed.orderId().value(),
            Status.PLACED,
            placed.placedAt(),
            placed.expiresAt(),
            placed.parts().stream().map(Line::of).toList(),
            committed.sequence(),
            committed.position());
      }
      throw new BrokenStreamException(committed, "a hold begins with being placed");
    }
    if (before.status != Status.PLACED) {
      throw new BrokenStreamException(committed, "the hold is over");
    }
    return switch (event) {
      case HoldPlaced _ -> throw new BrokenStreamException(committed, "a hold is placed once");
      case HoldExtended e -> before.to(Status.PLACED, e.expiresAt(), before.lines, committed);
      case HoldConfirmed e ->
          before.to(
              e.rest() == Rest.KEEP ? Status.PLACED : Status.CONFIRMED,
              before.expiresAt,
              before.sold(e.parts(), committed),
              committed);
      case HoldReleased _ -> before.over(Status.RELEASED, committed);
      case HoldExpired _ -> before.over(Status.EXPIRED, committed);
    };
  }

  private ExpectedHold over(Status end, CommittedEvent committed) {
    return to(end, expiresAt, lines, committed);
  }

  private ExpectedHold to(Status after, Instant ends, List<Line> left, CommittedEvent committed) {
    return new ExpectedHold(
        id, orderId, after, placedAt, ends, left, committed.sequence(), committed.position());
  }

  private List<Line> sold(List<Part> parts, CommittedEvent committed) {
    List<Line> after = new ArrayList<>(lines);
    for (Part part : parts) {
      int at = 0;
      while (at < after.size() && !after.get(at).has(part)) {
        at++;
      }
      if (at == after.size()) {
        throw new BrokenStreamException(committed, "more was sold than was held");
      }
      after.set(at, after.get(at).less(part));
    }
    return after;
  }

  /** What is stored of it beside its version and position. */
  Map<String, String> fields() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.text()));
    return Map.of(
        "id", id,
        "orderId", orderId,
        "status", status.name(),
        "placedAt", placedAt.toString(),
        "expiresAt", expiresAt.toString(),
        "lines", text.toString(),
        "keptUntil", Long.toString(keptUntil().toEpochMilli()));
  }

  /** The hold that was stored as {@code fields}. */
  static ExpectedHold of(Map<String, String> fields, long version, long position) {
    return new ExpectedHold(
        field(fields, "id"),
        field(fields, "orderId"),
        Status.valueOf(field(fields, "status")),
        Instant.parse(field(fields, "placedAt")),
        Instant.parse(field(fields, "expiresAt")),
        field(fields, "lines").lines().map(Line::parse).toList(),
        version,
        position);
  }

  /** The sets that the row of a hold with {@code fields} stands in. */
  static Set<String> sets(Map<String, String> fields) {
    return Set.of(
        "order:"
            + field(fields, "orderId")
            + '\t'
            + HexFormat.of().toHexDigits(Instant.parse(field(fields, "placedAt")).toEpochMilli())
            + ':'
            + field(fields, "id"));
  }

  private static String field(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  private Instant keptUntil() {
    return expiresAt.plus(KEPT);
  }

  /** When the view forgets it; {@code null} while more may happen to it. */
  @Nullable Instant forgottenAt() {
    return status == Status.PLACED ? null : keptUntil();
  }

  @Override
  public ExpectedRow row() {
    Map<String, String> fields = fields();
    return new ExpectedRow(key(), version, position, fields, sets(fields));
  }
}
