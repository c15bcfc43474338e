package io.bincard.application.discount;

import java.time.Duration;

/**
 * When a change of files is over: after some quiet, which is longer if files are written in place,
 * and at last when it has lasted too long. Times are by {@link System#nanoTime}.
 */
final class Quiet {

  /** How files change. */
  enum Change {
    /** Whole files came at once. */
    MOVED,
    /** Nobody can tell what comes next: bytes came, or something went away. */
    WRITTEN
  }

  private final long moved;
  private final long written;
  private final long longest;
  private boolean changing;
  private boolean inPlace;
  private long began;
  private long last;

  /**
   * Nothing changes yet.
   *
   * @param moved quiet after files were moved
   * @param written quiet after files were written in place
   * @param longest how long a change may last
   */
  Quiet(Duration moved, Duration written, Duration longest) {
    this.moved = moved.toNanos();
    this.written = written.toNanos();
    this.longest = longest.toNanos();
  }

  void changed(Change change, long now) {
    if (!changing) {
      changing = true;
      inPlace = false;
      began = now;
    }
    inPlace |= change == Change.WRITTEN;
    last = now;
  }

  boolean isChanging() {
    return changing;
  }

  /** How long to wait for the end if nothing more happens; not above 0 when it is over. */
  long remaining(long now) {
    return Math.min(last + (inPlace ? written : moved) - now, began + longest - now);
  }

  /** Whether the change has lasted too long to wait for its end. */
  boolean isOverdue(long now) {
    return changing && began + longest - now <= 0;
  }

  /** Nothing changes any more; whether something did. */
  boolean end() {
    boolean was = changing;
    changing = false;
    return was;
  }
}
