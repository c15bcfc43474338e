package io.bincard.client;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription has come to know, and whether what comes next can follow it. Positions and
 * versions only: a listener keeps the values.
 */
final class KnownStock {

  private final Map<String, Known> items = new HashMap<>();
  private boolean anything;
  private long position;
  private long connection;

  /**
   * @param connection the one that told it
   */
  private record Known(long version, long connection) {}

  /** Something came that cannot be. */
  record Contradiction(Gap gap, String detail) {}

  /** Every change up to it has come; 0 if nothing is known of that. */
  long position() {
    return position;
  }

  /** Whether anything was told that a listener would have to drop. */
  boolean anything() {
    return anything;
  }

  /** Another connection speaks from now on. */
  void beginConnection() {
    connection++;
  }

  void forget() {
    items.clear();
    anything = false;
    position = 0;
  }

  /** Everything up to {@code newPosition} has come; says what contradicts that. */
  @Nullable Contradiction moveTo(long newPosition) {
    if (newPosition < position) {
      return new Contradiction(
          Gap.POSITION_WENT_BACK, "position " + newPosition + " after " + position);
    }
    position = newPosition;
    return null;
  }

  /** The ledger does not know an item. */
  void unknown() {
    anything = true;
  }

  /**
   * Says what contradicts {@code level}.
   *
   * @param change position of the change that made it so; 0 if it is a snapshot
   */
  @Nullable Contradiction check(StockLevel level, long change) {
    Known known = items.get(level.sku());
    if (level.asOfPosition() < change) {
      return new Contradiction(
          Gap.CONTRADICTION,
          level.sku() + " as of " + level.asOfPosition() + " in a change at " + change);
    }
    if (known != null && level.version() < known.version() && known.connection() == connection) {
      return new Contradiction(
          Gap.VERSION_WENT_BACK,
          level.sku() + " in version " + level.version() + " after " + known.version());
    }
    return null;
  }

  /**
   * Takes {@code level}; says whether it is news. A node may be behind the one before it and tell
   * first what that one has told already.
   */
  boolean take(StockLevel level) {
    Known known = items.get(level.sku());
    if (known != null && level.version() < known.version()) {
      return false;
    }
    items.put(level.sku(), new Known(level.version(), connection));
    anything = true;
    return true;
  }
}
