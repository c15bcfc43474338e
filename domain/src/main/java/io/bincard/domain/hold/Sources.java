package io.bincard.domain.hold;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.LocationId;
import java.util.List;
import java.util.Set;

/**
 * Where units come from that an order does not say it of.
 *
 * @param locations the ledger's own order of them, each once
 */
public record Sources(Allocation allocation, List<LocationId> locations) {

  /** Everything lies at {@link LocationId#MAIN}. */
  public static final Sources MAIN = new Sources(Allocation.WHOLE, List.of(LocationId.MAIN));

  /**
   * @throws InvalidValueException if a location stands twice, whose units would be counted twice
   */
  public Sources {
    locations = List.copyOf(locations);
    if (Set.copyOf(locations).size() < locations.size()) {
      throw new InvalidValueException("units come from different locations");
    }
  }
}
