package io.bincard.reconciliation.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bincard.reconciliation.sweep.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is told.
 *
 * @param asOfPosition what was expected was as of this position or later
 * @param equal rows that said what they must
 * @param different rows, and members of sets, that did not
 * @param unsettled rows that could not be compared
 * @param entries how many entries of the log of repairs the run has of each kind, by outcome
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ToldRun(
    UUID id,
    String askedBy,
    boolean apply,
    String phase,
    Instant begunAt,
    @Nullable Instant endedAt,
    @Nullable Long millis,
    long generation,
    long asOfPosition,
    long compared,
    long equal,
    long different,
    long unsettled,
    Map<String, Map<String, Long>> entries,
    boolean fuseBlown,
    int attempts,
    @Nullable String why) {

  static ToldRun of(Run run, Map<String, Map<String, Long>> entries) {
    long different =
        entries.getOrDefault("found", Map.of()).values().stream().mapToLong(Long::longValue).sum();
    Instant endedAt = run.endedAt();
    return new ToldRun(
        run.id(),
        run.askedBy(),
        run.apply(),
        run.phase().word(),
        run.begunAt(),
        endedAt,
        endedAt == null ? null : Duration.between(run.begunAt(), endedAt).toMillis(),
        run.generation(),
        run.position(),
        run.compared(),
        Math.max(0, run.compared() - run.unsettled() - different),
        different,
        run.unsettled(),
        entries,
        run.fuseBlown(),
        run.attempts(),
        run.why());
  }

  /** Runs, the newest first. */
  record Listed(List<ToldRun> runs) {}
}
