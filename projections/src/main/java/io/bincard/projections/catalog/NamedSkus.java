package io.bincard.projections.catalog;

import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.stock.Sku;
import io.bincard.projections.viewstore.MemberRange;
import io.bincard.projections.viewstore.ViewRow.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The sets that rows of SKUs stand in: all by their names in small letters, and those of each
 * category. A name that begins like another stands behind it.
 */
final class NamedSkus {

  private static final String NAMES = "names";

  /** Between a name and its SKU: below every character that a name may have. */
  private static final char END_OF_NAME = '\0';

  private NamedSkus() {}

  /** The sets that the row of {@code view} stands in. */
  static List<Membership> of(SkuView view) {
    String member = member(view);
    List<Membership> sets = new ArrayList<>(2);
    sets.add(new Membership(set(null), member));
    CategoryId category = view.description().category();
    if (category != null) {
      sets.add(new Membership(set(category), member));
    }
    return sets;
  }

  /**
   * SKUs in the order of their names.
   *
   * @param category of which, {@code null} for all
   * @param namePrefix what their names begin with, in letters of any size
   * @param after the member to go on after, {@code null} for the first
   */
  static MemberRange range(
      @Nullable CategoryId category, String namePrefix, @Nullable String after, int limit) {
    return new MemberRange(set(category), after, small(namePrefix), null, limit);
  }

  /** Whether {@code member} may stand among those whose names begin with {@code namePrefix}. */
  static boolean isMember(String member, String namePrefix) {
    return member.startsWith(small(namePrefix)) && member.indexOf(END_OF_NAME) > 0;
  }

  /** The SKU that a member is about. */
  static Sku sku(String member) {
    return new Sku(member.substring(member.indexOf(END_OF_NAME) + 1));
  }

  /** Whether {@code view} stands in the set of {@code category} as {@code member}. */
  static boolean isOf(String member, SkuView view, @Nullable CategoryId category) {
    return member.equals(member(view))
        && (category == null || category.equals(view.description().category()));
  }

  private static String member(SkuView view) {
    return small(view.description().name().value()) + END_OF_NAME + view.sku();
  }

  private static String set(@Nullable CategoryId category) {
    return category == null ? NAMES : NAMES + ':' + category;
  }

  private static String small(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
