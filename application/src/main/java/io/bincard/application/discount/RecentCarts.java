package io.bincard.application.discount;

import io.bincard.domain.cart.Cart;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The carts that this node quoted last, without the largest. Safe for use by many threads, none of
 * which waits.
 */
public final class RecentCarts {

  /** Carts of more lines are not remembered: they take the time that a trial of many has. */
  static final int MAX_LINES = 100;

  private final AtomicReferenceArray<Cart> carts;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * Remembers nothing yet.
   *
   * @param kept how many carts are remembered
   */
  public RecentCarts(int kept) {
    this.carts = new AtomicReferenceArray<>(kept);
  }

  void add(Cart cart) {
    if (cart.lines().size() <= MAX_LINES) {
      carts.set(Math.floorMod(next.getAndIncrement(), carts.length()), cart);
    }
  }

  /** Those that are remembered, in no order. */
  public List<Cart> all() {
    List<Cart> all = new ArrayList<>();
    for (int i = 0; i < carts.length(); i++) {
      Cart cart = carts.get(i);
      if (cart != null) {
        all.add(cart);
      }
    }
    return all;
  }
}
