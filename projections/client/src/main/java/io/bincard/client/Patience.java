package io.bincard.client;

import io.bincard.client.pace.Silence;
import java.time.Duration;

/**
 * How long a client waits for what.
 *
 * @param answerAfter for a connection and the head of the answer
 * @param quietAfter without news: a heartbeat is late
 * @param staleAfter without news: what is known may be out of date
 * @param reconnectAfter without news: the connection is given up
 * @param firstDelay at most, after the first failure
 * @param longestDelay at most, after many failures in a row
 * @param steadyAfter so long a connection must have lasted that its loss is a first failure
 */
public record Patience(
    Duration answerAfter,
    Duration quietAfter,
    Duration staleAfter,
    Duration reconnectAfter,
    Duration firstDelay,
    Duration longestDelay,
    Duration steadyAfter) {

  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration MOST = Duration.ofDays(1);

  /** For servers as they are unless set otherwise, which send a heartbeat every 15 seconds. */
  public static final Patience DEFAULT = forHeartbeat(Duration.ofSeconds(15));

  public Patience {
    between("answerAfter", answerAfter, LEAST);
    between("quietAfter", quietAfter, LEAST);
    between("staleAfter", staleAfter, quietAfter);
    between("reconnectAfter", reconnectAfter, staleAfter);
    between("firstDelay", firstDelay, LEAST);
    between("longestDelay", longestDelay, firstDelay);
    between("steadyAfter", steadyAfter, Duration.ZERO);
  }

  private static void between(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(name + " must be from " + least + " to " + MOST);
    }
  }

  /**
   * For servers that send a heartbeat every {@code heartbeat}: one and a half of it is quiet, two
   * are stale, three are the end of a connection.
   */
  public static Patience forHeartbeat(Duration heartbeat) {
    return new Patience(
        Duration.ofSeconds(10),
        heartbeat.multipliedBy(3).dividedBy(2),
        heartbeat.multipliedBy(2),
        heartbeat.multipliedBy(3),
        Duration.ofMillis(250),
        Duration.ofSeconds(20),
        Duration.ofSeconds(10));
  }

  /** The same with other delays between attempts. */
  public Patience withDelays(Duration first, Duration longest) {
    return new Patience(
        answerAfter, quietAfter, staleAfter, reconnectAfter, first, longest, steadyAfter);
  }

  Silence silence() {
    return new Silence(quietAfter, staleAfter, reconnectAfter);
  }
}
