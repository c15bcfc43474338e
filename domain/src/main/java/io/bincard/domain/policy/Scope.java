package io.bincard.domain.policy;

import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.stock.Sku;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines that a rule is about: those that one of the sets names, less those that are excepted.
 * If nothing is named, all lines are.
 */
public record Scope(
    Set<Sku> skus,
    Set<CategoryId> categories,
    Set<Attribute> attributes,
    Set<Sku> exceptSkus,
    Set<CategoryId> exceptCategories) {

  /** All lines. */
  public static final Scope EVERYTHING =
      new Scope(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

  public Scope {
    skus = Set.copyOf(skus);
    categories = Set.copyOf(categories);
    attributes = Set.copyOf(attributes);
    exceptSkus = Set.copyOf(exceptSkus);
    exceptCategories = Set.copyOf(exceptCategories);
  }

  public static Scope ofSkus(Set<Sku> skus) {
    return new Scope(skus, Set.of(), Set.of(), Set.of(), Set.of());
  }

  public static Scope ofCategories(Set<CategoryId> categories) {
    return new Scope(Set.of(), categories, Set.of(), Set.of(), Set.of());
  }

  /** Whether every line is in it that is not excepted. */
  public boolean isOpen() {
    return skus.isEmpty() && categories.isEmpty() && attributes.isEmpty();
  }

  /**
   * Whether every line of {@code other} is in it, whatever a line may be sold as; {@code false}
   * also if that cannot be told from what both name.
   */
  public boolean includes(Scope other) {
    boolean names =
        isOpen()
            || (!other.isOpen()
                && skus.containsAll(other.skus)
                && categories.containsAll(other.categories)
                && attributes.containsAll(other.attributes));
    return names
        && other.exceptSkus.containsAll(exceptSkus)
        && other.exceptCategories.containsAll(exceptCategories);
  }

  /**
   * Whether it is about {@code line}.
   *
   * @param category what the line is sold as, said by itself or by the policy
   */
  public boolean covers(CartLine line, @Nullable CategoryId category) {
    return (isOpen()
            || skus.contains(line.sku())
            || (category != null && categories.contains(category))
            || !Collections.disjoint(attributes, line.attributes()))
        && !exceptSkus.contains(line.sku())
        && (category == null || !exceptCategories.contains(category));
  }
}
