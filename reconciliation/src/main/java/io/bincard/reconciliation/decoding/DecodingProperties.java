package io.bincard.reconciliation.decoding;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.reconciliation.decoding.*}: how PostgreSQL's logical decoding watches the journal.
 *
 * @param enabled {@code enabled}: whether it does, where PostgreSQL allows it
 * @param user {@code user}: the role that connects for it; it needs REPLICATION and no right on any
 *     table
 * @param password {@code password}: of that role
 * @param window {@code window}: positions that are remembered at most, for the fold may be behind
 *     or ahead, 16 bytes each
 * @param patience {@code patience}: how long the fold, the views or decoding may stand still behind
 *     another before that is told; and how long decoding goes on after this node folds no more
 * @param lookEvery {@code look-every}: how often it is looked at how far each of them is
 * @param acknowledgeEvery {@code acknowledge-every}: how often PostgreSQL is told what was read, so
 *     that it lets go of its write-ahead log
 * @param firstPause {@code first-pause}: the pause before a connection that broke is made again; it
 *     doubles with each failure in a row, and is cut short by up to a half at random
 * @param longestPause {@code longest-pause}: the longest such pause, and how often it is looked
 *     whether PostgreSQL allows decoding by now
 */
@ConfigurationProperties("bincard.reconciliation.decoding")
public record DecodingProperties(
    @DefaultValue("false") boolean enabled,
    @DefaultValue("bincard_decoding") String user,
    @DefaultValue("") String password,
    @DefaultValue("262144") int window,
    @DefaultValue("30s") Duration patience,
    @DefaultValue("1s") Duration lookEvery,
    @DefaultValue("1s") Duration acknowledgeEvery,
    @DefaultValue("500ms") Duration firstPause,
    @DefaultValue("30s") Duration longestPause) {

  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  /**
   * @throws IllegalArgumentException naming the key, if a value makes no sense
   */
  public DecodingProperties {
    if (user.isBlank()) {
      throw new IllegalArgumentException(
          "bincard.reconciliation.decoding.user must not be blank; set enabled to false for none");
    }
    between("window", window, 1_024, 16_777_216);
    between("patience", patience.toMillis(), 1, HOUR);
    between("look-every", lookEvery.toMillis(), 10, MINUTE);
    between("acknowledge-every", acknowledgeEvery.toMillis(), 10, MINUTE);
    between("first-pause", firstPause.toMillis(), 10, HOUR);
    between("longest-pause", longestPause.toMillis(), firstPause.toMillis(), HOUR);
  }

  private static void between(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "bincard.reconciliation.decoding.%s must be %d to %d; times are milliseconds"
              .formatted(key, least, most));
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "DecodingProperties[enabled=%s, user=%s]".formatted(enabled, user);
  }
}
