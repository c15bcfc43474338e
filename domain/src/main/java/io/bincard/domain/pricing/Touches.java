package io.bincard.domain.pricing;

import java.util.function.IntPredicate;

/**
 * The rules that are about a cart, by priority, and the lines that each is about: numbers in a few
 * arrays, for a cart may touch hundreds of rules.
 */
final class Touches {

  private final ReadyRule[] rules;

  /** The lines of the first rule, then those of the second and so on; of each rule rising. */
  private final int[] lines;

  private final int[] from;
  private final int[] to;
  private int size;

  /**
   * None yet.
   *
   * @param most pairs of a rule and a line that may come
   */
  Touches(int most) {
    rules = new ReadyRule[most];
    lines = new int[most];
    from = new int[most];
    to = new int[most];
  }

  /** Begins with the lines of the rule that comes next. */
  void begin(ReadyRule rule) {
    int begin = size == 0 ? 0 : to[size - 1];
    rules[size] = rule;
    from[size] = begin;
    to[size] = begin;
  }

  /** The rule that has begun is about {@code line}. */
  void add(int line) {
    lines[to[size]++] = line;
  }

  /** The rule that has begun is there, if it is about any line. */
  void end() {
    if (from[size] < to[size]) {
      size++;
    }
  }

  /** How many rules there are. */
  int size() {
    return size;
  }

  ReadyRule rule(int number) {
    return rules[number];
  }

  /** Where the lines of the rule {@code number} begin. */
  int from(int number) {
    return from[number];
  }

  /** Where the lines of the rule {@code number} have ended. */
  int to(int number) {
    return to[number];
  }

  /** The place in the cart of what stands at {@code place} here. */
  int line(int place) {
    return lines[place];
  }

  /** How many places there are, used or not. */
  int places() {
    return lines.length;
  }

  /** Drops the lines of the rule {@code number} that are not {@code kept}. */
  void keep(int number, IntPredicate kept) {
    int end = from[number];
    for (int place = from[number]; place < to[number]; place++) {
      if (kept.test(lines[place])) {
        lines[end++] = lines[place];
      }
    }
    to[number] = end;
  }
}
