package io.bincard.application.timers;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A task that is to run at its time, once or again and again. */
public interface Timer {

  /** What runs; whatever it throws is a failure, after which it is tried again. */
  interface Task {
    void run() throws Exception;
  }

  /** When a timer runs. */
  enum Kind {
    /** At one instant. */
    @JsonProperty("at")
    AT,
    /** At the times that an expression names. */
    @JsonProperty("cron")
    CRON,
    /** At the instants of its keys: an {@link Agenda}. */
    @JsonProperty("agenda")
    AGENDA
  }

  /** How it stands with a timer that fails. */
  enum Breaker {
    /** It keeps to its times. */
    @JsonProperty("closed")
    CLOSED,
    /** It failed too often in a row, and is not tried before a pause is over. */
    @JsonProperty("open")
    OPEN,
    /** It is tried once; if that goes well, it is closed again. */
    @JsonProperty("half-open")
    HALF_OPEN
  }

  /**
   * A timer at one moment.
   *
   * @param nextRun {@code null} while it runs for the last time or nothing waits
   * @param waiting runs to come as far as they are known: keys of an agenda, 1 or 0 of another
   * @param lastRun when it began
   * @param lastLatenessMicros how long after its time that was; of an agenda, of its first key
   * @param runs since the timer was made, failed ones included
   * @param openUntil {@code null} unless its breaker is open
   * @param lastError class and message of what the last failure threw
   */
  record Status(
      String name,
      Kind kind,
      @Nullable Instant nextRun,
      long waiting,
      @Nullable Instant lastRun,
      @Nullable Long lastLatenessMicros,
      long runs,
      int failuresInARow,
      Breaker breaker,
      @Nullable Instant openUntil,
      @Nullable String lastError) {}

  /** Runs it no more; what runs now goes on. {@code false} if it was over already. */
  boolean cancel();

  /**
   * Runs it next at {@code at} and at no time before; a cron task goes on from there as it does.
   * {@code false} if it was over already.
   */
  boolean moveTo(Instant at);

  Status status();
}
