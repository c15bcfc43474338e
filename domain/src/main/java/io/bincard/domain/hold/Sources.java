package io.bincard.domain.hold;

import io.bincard.domain.stock.LocationId;
import java.util.List;

/**
 * Where units come from that an order does not say it of.
 *
 * @param locations the ledger's own order of them
 */
public record Sources(Allocation allocation, List<LocationId> locations) {

  /** Everything lies at {@link LocationId#MAIN}. */
  public static final Sources MAIN = new Sources(Allocation.WHOLE, List.of(LocationId.MAIN));

  public Sources {
    locations = List.copyOf(locations);
  }
}
