package io.bincard.projections.availability;

import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.viewstore.MemberRange;
import io.bincard.projections.viewstore.ViewRow.Membership;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sets that rows of items stand in: the locations of each SKU, and what there is little of. */
public final class ItemSets {

  /**
   * Units of which an item must have no more to stand in the set of low stock: no threshold beyond
   * can be asked for, and no sale of what there is plenty of has to write there.
   */
  public static final long MOST_LOW = 1_000;

  private static final String LOCATIONS = "locations:";
  private static final String LOW_STOCK = "low-stock";

  /** Digits of {@link #key}, which are followed by a colon and the item. */
  private static final int DIGITS = 16;

  private ItemSets() {}

  /** The sets that the row of {@code view} stands in. */
  static List<Membership> of(AvailabilityView view) {
    List<Membership> sets = new ArrayList<>(2);
    sets.add(new Membership(LOCATIONS + view.sku(), view.location()));
    if (view.available() <= MOST_LOW) {
      sets.add(new Membership(LOW_STOCK, key(view.available()) + ':' + view.id()));
    }
    return sets;
  }

  /** The locations of {@code sku}. */
  public static MemberRange locations(Sku sku, int limit) {
    return MemberRange.all(LOCATIONS + sku, limit);
  }

  /**
   * Items of which no more than {@code threshold} units are available by the books, the least
   * first.
   *
   * @param after the member to go on after, {@code null} for the first
   * @param threshold units, at most {@link #MOST_LOW}
   */
  public static MemberRange lowStock(@Nullable String after, long threshold, int limit) {
    return new MemberRange(LOW_STOCK, after, "", key(threshold), limit);
  }

  /** The item that a member of low stock is about. */
  public static StockItemId item(String member) {
    String id = member.substring(DIGITS + 1);
    int at = id.indexOf('@');
    return new StockItemId(new Sku(id.substring(0, at)), new LocationId(id.substring(at + 1)));
  }

  /** Whether {@link #item} can tell what {@code member} is about. */
  public static boolean isMember(String member) {
    return member.matches("[0-9a-f]{16}:[^@]+@[^@]+");
  }

  /** Units so that texts have the order of the numbers. */
  private static String key(long units) {
    return HexFormat.of().toHexDigits(units ^ Long.MIN_VALUE);
  }
}
