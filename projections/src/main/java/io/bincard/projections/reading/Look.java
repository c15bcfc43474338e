package io.bincard.projections.reading;

import io.bincard.projections.viewstore.StoredRow;
import io.bincard.projections.viewstore.ViewReading;
import io.bincard.projections.viewstore.ViewStoreMark;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What was seen of views that may be answered from.
 *
 * @param mark read before everything else: every event up to its position is in what was seen
 */
public record Look(ViewStoreMark mark, ViewReading reading) {

  /** The position up to which no event is missing. */
  public long asOf() {
    return mark.position();
  }

  /** What {@code make} makes of the row asked for as number {@code i}; empty if nobody knows. */
  public <T> Optional<T> row(int i, Function<StoredRow, T> make) {
    return StoredRow.read(reading.rows().get(i), mark.epoch(), make);
  }

  /** The members of the range asked for as number {@code i}. */
  public List<String> members(int i) {
    return reading.members().get(i);
  }
}
