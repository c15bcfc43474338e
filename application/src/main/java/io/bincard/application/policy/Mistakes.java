package io.bincard.application.policy;

import java.util.ArrayList;
import java.util.List;

/** What is wrong in a policy, as it is found; not more of it than anybody would read. */
final class Mistakes {

  /** More are counted and not told. */
  static final int MAX_TOLD = 100;

  /** A mistake whose line is not looked up yet. */
  record Mistake(Place place, String expected, String found) {}

  private final List<Mistake> told = new ArrayList<>();
  private int count;

  void add(Place place, String expected, String found) {
    count++;
    if (told.size() < MAX_TOLD) {
      told.add(new Mistake(place, expected, found));
    }
  }

  /** How many there are by now, told or not. */
  int count() {
    return count;
  }

  List<Mistake> told() {
    return told;
  }
}
