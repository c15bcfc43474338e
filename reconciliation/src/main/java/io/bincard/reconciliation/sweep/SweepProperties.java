package io.bincard.reconciliation.sweep;

import io.bincard.domain.CommandLoad;
import java.time.Duration;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.scheduling.support.CronExpression;

/**
 * {@code bincard.reconciliation.*}, of runs over all rows.
 *
 * @param nightly {@code nightly}: when a run begins by itself, a Spring cron expression; {@code -}
 *     for never
 * @param nightlyApply {@code nightly-apply}: whether that run repairs what it finds
 * @param watchApply {@code watch-apply}: whether what is found between runs is put right at once
 * @param zone {@code zone}: whose clocks {@code nightly} goes by
 * @param lanes {@code lanes}: threads that compare, 1 to 16
 * @param chunk {@code chunk}: buckets of 1,024 that a lane compares before it says so, 1 to 1,024
 * @param maxRate {@code max-rate}: rows a second at most; 0 for no limit
 * @param pauseAbove {@code pause-above}: commands that wait in this node, beyond which a run pauses
 * @param longestPause {@code longest-pause}: how long at most, for each 200 rows
 * @param looks {@code looks}: how often a row is looked at that is of another moment than what it
 *     is compared with, 1 to 100
 * @param lookPause {@code look-pause}: the time between two looks
 * @param lateAfter {@code late-after}: how long the views may stand still behind the journal before
 *     that is a discrepancy
 * @param progress {@code progress}: how often a run tells of itself in the log
 * @param lookEvery {@code look-every}: how often a node says that it is at work, and looks for a
 *     run that is due or was left
 * @param silence {@code silence}: how long the node that runs may be silent before another one goes
 *     on
 * @param attempts {@code attempts}: how often a run is gone on with before it is given up
 * @param maxKeys {@code max-keys}: rows that a run can compare and that are remembered
 * @param maxFindings {@code max-findings}: rows that differ, beyond which a run ends
 * @param maxFreezes {@code max-freezes}: items that a run freezes at most
 * @param fuseShare {@code fuse-share}: share of the compared rows, beyond which the fuse blows if
 *     they are also more than {@code fuse-at-least}
 * @param fuseAtLeast {@code fuse-at-least}: rows that may differ in a run whatever their share
 * @param redisConnections {@code redis-connections}: connections to Redis at most, 1 to 64
 * @param snapshotPatience {@code snapshot-patience}: how long Redis may take to begin a snapshot of
 *     the keys for a run without a {@code max-rate}, and be silent later; 0 for none, up to a
 *     minute
 */
@ConfigurationProperties("bincard.reconciliation")
public record SweepProperties(
    @DefaultValue("0 0 2 * * *") String nightly,
    @DefaultValue("false") boolean nightlyApply,
    @DefaultValue("true") boolean watchApply,
    @DefaultValue("UTC") ZoneId zone,
    @DefaultValue("2") int lanes,
    @DefaultValue("8") int chunk,
    @DefaultValue("0") int maxRate,
    @DefaultValue("2000") int pauseAbove,
    @DefaultValue("1s") Duration longestPause,
    @DefaultValue("5") int looks,
    @DefaultValue("50ms") Duration lookPause,
    @DefaultValue("30s") Duration lateAfter,
    @DefaultValue("5s") Duration progress,
    @DefaultValue("1s") Duration lookEvery,
    @DefaultValue("10s") Duration silence,
    @DefaultValue("10") int attempts,
    @DefaultValue("10000000") int maxKeys,
    @DefaultValue("10000") int maxFindings,
    @DefaultValue("100") int maxFreezes,
    @DefaultValue("0.00001") double fuseShare,
    @DefaultValue("10") int fuseAtLeast,
    @DefaultValue("8") int redisConnections,
    @DefaultValue("10s") Duration snapshotPatience) {

  /** Stands for no time at all in {@link #nightly}. */
  static final String NEVER = "-";

  private static final int MOST_LANES = 16;
  private static final int MOST_BUCKETS = 1_024;
  private static final int MOST_LOOKS = 100;
  private static final int MOST_CONNECTIONS = 64;
  private static final int MANY = 100_000_000;

  /**
   * @throws IllegalArgumentException naming the key, if a value makes no sense
   */
  public SweepProperties {
    if (!nightly.equals(NEVER)) {
      CronExpression.parse(nightly);
    }
    between("lanes", lanes, 1, MOST_LANES);
    between("chunk", chunk, 1, MOST_BUCKETS);
    between("max-rate", maxRate, 0, MANY);
    between("pause-above", pauseAbove, 0, MANY);
    between("longest-pause", longestPause.toMillis(), 0, Duration.ofMinutes(1).toMillis());
    between("looks", looks, 1, MOST_LOOKS);
    between("look-pause", lookPause.toMillis(), 1, Duration.ofSeconds(10).toMillis());
    between("late-after", lateAfter.toMillis(), 1, Duration.ofHours(1).toMillis());
    between("progress", progress.toMillis(), 1, Duration.ofHours(1).toMillis());
    between("look-every", lookEvery.toMillis(), 10, Duration.ofMinutes(1).toMillis());
    between("silence", silence.toMillis(), lookEvery.toMillis(), Duration.ofHours(1).toMillis());
    between("attempts", attempts, 1, MOST_LOOKS);
    between("max-keys", maxKeys, 1, MANY);
    between("max-findings", maxFindings, 1, MANY);
    between("max-freezes", maxFreezes, 0, MANY);
    between("fuse-at-least", fuseAtLeast, 0, MANY);
    between("redis-connections", redisConnections, 1, MOST_CONNECTIONS);
    between("snapshot-patience", snapshotPatience.toMillis(), 0, Duration.ofMinutes(1).toMillis());
    if (!(fuseShare >= 0 && fuseShare <= 1)) {
      throw new IllegalArgumentException("bincard.reconciliation.fuse-share must be from 0 to 1");
    }
  }

  private static void between(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "bincard.reconciliation." + key + " must be from " + least + " to " + most + " (or ms)");
    }
  }

  /** What keeps who reads {@code rate} keys a second at most from taking what commands need. */
  public Throttle throttle(CommandLoad load, int rate) {
    return new Throttle(load, rate, pauseAbove, longestPause);
  }

  /** Whether so many rows that differ, of so many compared, blow the fuse. */
  boolean isTooMuch(long differed, long compared) {
    return differed > fuseAtLeast && differed > fuseShare * compared;
  }
}
