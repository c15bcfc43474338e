package io.bincard.reconciliation.decoding;

import java.util.Locale;

/**
 * Two feeds of the journal do not tell the same.
 *
 * @param first position that is concerned
 * @param last position that is concerned
 * @param events how many between them
 */
record FeedDifference(Kind kind, long first, long last, long events) {

  /** What is wrong. */
  enum Kind {
    MISSED("decoding saw events that the fold was not told of"),
    OTHER("the fold was told of events that decoding saw otherwise, or not at all"),
    OUT_OF_ORDER("the positions that decoding saw do not follow one another"),
    VIEWS_STAND_STILL("the views stand still behind events that decoding saw"),
    FOLD_STANDS_STILL("the fold stands still behind events that decoding saw"),
    DECODING_STANDS_STILL("decoding stands still behind events that the fold was told of");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** As a monitor has it. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String words() {
      return words;
    }
  }
}
