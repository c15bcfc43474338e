package io.bincard.domain.money;

import java.util.Arrays;

/** Shares an amount out over weights so that not a cent is created or lost. */
public final class Shares {

  private Shares() {}

  /**
   * The share of each of {@code weights} in {@code total}: proportional, rounded half even. What
   * rounding leaves over or takes too much falls to the largest weight, the first of equals; what
   * that cannot bear, to the next largest.
   *
   * @param total 0 to the sum of {@code weights}
   * @param weights not negative; no share is larger than its weight
   * @return shares that are not negative and add up to {@code total}
   */
  public static long[] of(long total, long[] weights) {
    long sum = Arrays.stream(weights).sum();
    long[] shares = new long[weights.length];
    if (total == 0) {
      return shares;
    }
    long left = total;
    for (int i = 0; i < weights.length; i++) {
      shares[i] = Rounding.halfEven(total, weights[i], sum);
      left -= shares[i];
    }
    if (left != 0) {
      settle(left, weights, shares);
    }
    return shares;
  }

  private static void settle(long left, long[] weights, long[] shares) {
    int[] largestFirst = largestFirst(weights);
    for (int next = 0; left != 0; next++) {
      int i = largestFirst[next];
      long settled = Math.clamp(left, -shares[i], weights[i] - shares[i]);
      shares[i] += settled;
      left -= settled;
    }
  }

  private static int[] largestFirst(long[] weights) {
    Integer[] order = new Integer[weights.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compare(weights[b], weights[a]));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }
}
