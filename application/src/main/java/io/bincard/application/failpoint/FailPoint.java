package io.bincard.application.failpoint;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A place between two steps at which the process halts if {@link #VARIABLE} says so: {@code
 * after-commit@17} halts it where it passes that place for the 17th time. Nothing is closed or
 * flushed, as after a kill. While no point is armed, passing one is a look at a constant.
 */
public enum FailPoint {
  /** The batch is ready and not sent to be written and committed. */
  BEFORE_COMMIT,

  /** The batch is committed and nobody has been told. */
  AFTER_COMMIT,

  /** A consumer's work is done, views in Redis included, and its token has not moved. */
  BEFORE_TOKEN;

  /** The variable of the environment that arms one point. */
  public static final String VARIABLE = "BINCARD_FAIL_POINT";

  /** What {@code kill -9} leaves behind: 128 + 9. */
  public static final int EXIT_CODE = 137;

  private static final Logger logger = LoggerFactory.getLogger(FailPoint.class);
  private static final @Nullable String SETTING = System.getenv(VARIABLE);
  private static final @Nullable Armed ARMED = SETTING == null ? null : Armed.parse(SETTING);

  /** One point, and how often it is still passed, the last time included. */
  record Armed(FailPoint point, AtomicLong left) {

    /**
     * Reads {@code name@count}.
     *
     * @throws IllegalArgumentException if there is no such point, or the count is none
     */
    static Armed parse(String setting) {
      String[] parts = setting.split("@", 2);
      for (FailPoint point : values()) {
        if (parts.length == 2
            && parts[0].equals(point.spelling())
            && parts[1].matches("[1-9][0-9]{0,8}")) {
          return new Armed(point, new AtomicLong(Long.parseLong(parts[1])));
        }
      }
      throw new IllegalArgumentException(
          VARIABLE
              + " must be NAME@COUNT with a NAME of "
              + Arrays.stream(values()).map(FailPoint::spelling).collect(Collectors.joining(", "))
              + ", not "
              + setting);
    }
  }

  /**
   * Warns if the process will halt, so that nobody has to wonder why it did.
   *
   * @throws IllegalArgumentException if {@link #VARIABLE} makes no sense
   */
  public static void announce() {
    if (ARMED != null) {
      logger
          .atWarn()
          .addKeyValue(VARIABLE, SETTING)
          .log("This process halts itself at a fail point: it is a test, never production");
    }
  }

  /** Halts the process if this point is armed and it is time. */
  public void pass() {
    if (ARMED != null && ARMED.point() == this && ARMED.left().decrementAndGet() == 0) {
      logger.atWarn().addKeyValue("point", spelling()).log("Halting at a fail point");
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  String spelling() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
