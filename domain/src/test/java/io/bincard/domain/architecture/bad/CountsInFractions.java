package io.bincard.domain.architecture.bad;

/** Shows no fraction in any signature, and loses cents inside all the same. */
record CountsInFractions(long cents) {
  CountsInFractions discounted(int percent) {
    return new CountsInFractions((long) (cents * 0.01 * (100 - percent)));
  }
}
