package io.bincard.domain.architecture.bad;

import java.time.Instant;

/** Asks what time it is, though time comes into the domain as an argument. */
record ReadsTheClock(Instant at) {
  static ReadsTheClock now() {
    return new ReadsTheClock(Instant.now());
  }
}
