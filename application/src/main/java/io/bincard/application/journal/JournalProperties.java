package io.bincard.application.journal;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the journal is laid out in time, and how much of its end is kept in memory.
 *
 * @param daysAhead days after today whose partitions are made before they are needed
 * @param recentEvents last events that readers in the leader's process take from memory; who is
 *     further behind reads PostgreSQL
 * @param historyReaders threads, each with a connection of its own, that read the whole journal
 *     when views are made anew
 */
@ConfigurationProperties("bincard.journal")
public record JournalProperties(
    @DefaultValue("7") int daysAhead,
    @DefaultValue("8000") int recentEvents,
    @DefaultValue("2") int historyReaders) {

  private static final int MOST_DAYS = 365;
  private static final int MOST_EVENTS = 1_000_000;
  private static final int MOST_READERS = 16;

  /**
   * @throws IllegalArgumentException if no day, or more than a year, is to be made ahead, or if the
   *     recent events are fewer than none or more than a million, or the readers none or more than
   *     16
   */
  public JournalProperties {
    require("days-ahead", 1, MOST_DAYS, daysAhead);
    require("recent-events", 0, MOST_EVENTS, recentEvents);
    require("history-readers", 1, MOST_READERS, historyReaders);
  }

  private static void require(String key, int least, int most, int value) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "bincard.journal."
              + key
              + " must be between "
              + least
              + " and "
              + most
              + ", not "
              + value);
    }
  }
}
