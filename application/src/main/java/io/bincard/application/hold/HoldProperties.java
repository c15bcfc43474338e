package io.bincard.application.hold;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.hold.Allocation;
import io.bincard.domain.hold.HoldCommand;
import io.bincard.domain.hold.Sources;
import io.bincard.domain.stock.LocationId;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How orders are taken.
 *
 * @param allocation where units of a line without a location are taken from
 * @param locations in which order, 1 to {@value HoldCommand#MAX_LOCATIONS}, unless the order names
 *     those near to it
 * @param expireAtOnce holds whose end is written down by one command at most, 1 to {@value
 *     HoldCommand#MAX_EXPIRED}; the next ones wait for its commit
 */
@ConfigurationProperties("bincard.holds")
public record HoldProperties(
    @DefaultValue("whole") Allocation allocation,
    @DefaultValue("MAIN") List<String> locations,
    @DefaultValue("100") int expireAtOnce) {

  /**
   * @throws IllegalArgumentException naming the key, if a value makes no sense
   */
  public HoldProperties {
    locations = List.copyOf(locations);
    if (locations.isEmpty()
        || locations.size() > HoldCommand.MAX_LOCATIONS
        || Set.copyOf(locations).size() < locations.size()) {
      throw new IllegalArgumentException(
          "bincard.holds.locations must name 1 to "
              + HoldCommand.MAX_LOCATIONS
              + " different locations");
    }
    try {
      locations.forEach(LocationId::new);
    } catch (InvalidValueException e) {
      throw new IllegalArgumentException("bincard.holds.locations: " + e.getMessage(), e);
    }
    if (expireAtOnce < 1 || expireAtOnce > HoldCommand.MAX_EXPIRED) {
      throw new IllegalArgumentException(
          "bincard.holds.expire-at-once must be 1 to " + HoldCommand.MAX_EXPIRED);
    }
  }

  /** Where units come from that an order does not say it of. */
  public Sources sources() {
    return new Sources(allocation, locations.stream().map(LocationId::new).toList());
  }
}
