package io.bincard.application.timers;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger's time. It begins at the machine's wall clock, goes by the monotonic clock, and
 * follows the wall clock slowly: while the two differ, it runs at most a tenth faster or slower
 * than time does, until they agree. So it never jumps and never runs backwards, whatever is done to
 * the wall clock; an hour that this is set ahead or back takes ten to make up, and a correction of
 * some milliseconds is followed within a tenth of a second.
 *
 * <p>There is one exception: {@link #heardOf}, when a node takes the ledger over.
 */
public final class SteadyClock extends Clock {

  private static final Logger logger = LoggerFactory.getLogger(SteadyClock.class);

  /** It makes up a difference in so many times as long. */
  private static final int SLEW = 10;

  /** How often the wall clock is looked at. */
  private static final long LOOK_NANOS = 1_000_000;

  private final InstantSource wall;
  private final LongSupplier nanos;
  private final Duration tolerance;

  // All times are nanoseconds since 1970. Guarded by this.
  private long lookedAt;
  private long then;
  private long behind;

  /** How far this machine's wall clock is ahead of the one that counts. */
  private long offset;

  /**
   * @param tolerance how far this machine may be ahead of PostgreSQL
   */
  public SteadyClock(Duration tolerance) {
    this(InstantSource.system(), System::nanoTime, tolerance);
  }

  /**
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  public SteadyClock(InstantSource wall, LongSupplier nanos, Duration tolerance) {
    this.wall = wall;
    this.nanos = nanos;
    this.tolerance = tolerance;
    this.lookedAt = nanos.getAsLong();
    this.then = sinceEpoch(wall.instant());
  }

  @Override
  public synchronized Instant instant() {
    long elapsed = nanos.getAsLong() - lookedAt;
    long now = then + elapsed + Math.clamp(behind, -elapsed / SLEW, elapsed / SLEW);
    if (elapsed >= LOOK_NANOS) {
      lookedAt += elapsed;
      look(now);
    }
    return Instant.EPOCH.plusNanos(now);
  }

  private void look(long now) {
    then = now;
    behind = sinceEpoch(wall.instant()) - offset - now;
  }

  /**
   * The ledger is taken over, and it is {@code other} by PostgreSQL's clock. What others promised
   * until some instant must not be over before its time because this machine is ahead: if it is, by
   * more than the tolerance, this clock is set back, and follows the wall clock at that distance
   * from then on. If the machine is behind, promises last longer, and nothing is done. Each
   * take-over decides anew.
   */
  public synchronized void heardOf(Instant other) {
    Instant now = instant();
    Duration ahead = Duration.between(other, wall.instant());
    offset = ahead.compareTo(tolerance) > 0 ? ahead.toNanos() : 0;
    boolean back = Duration.between(other, now).compareTo(tolerance) > 0;
    if (back || offset > 0) {
      logger
          .atWarn()
          .addKeyValue("machine", wall.instant())
          .addKeyValue("ledger", now)
          .addKeyValue("postgres", other)
          .log("This machine's clock is ahead of PostgreSQL's, whose time it is from now on");
    }
    look(sinceEpoch(back ? other : now));
  }

  private static long sinceEpoch(Instant instant) {
    return ChronoUnit.NANOS.between(Instant.EPOCH, instant);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    @SuppressWarnings("UnnecessaryMethodReference") // the clock itself would come here again
    InstantSource same = this::instant;
    return same.withZone(zone);
  }
}
