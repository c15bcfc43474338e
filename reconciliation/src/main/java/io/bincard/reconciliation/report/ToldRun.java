package io.bincard.reconciliation.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bincard.reconciliation.sweep.Run;
import io.bincard.reconciliation.sweep.Run.Part;
import io.bincard.reconciliation.sweep.Run.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is told.
 *
 * @param parts what it does
 * @param step what it is at within its phase
 * @param took milliseconds that nodes have worked at each phase
 * @param asOfPosition what was expected was as of this position or later
 * @param equal rows that said what they must
 * @param different rows, and members of sets, that did not
 * @param unsettled rows that could not be compared
 * @param contradictions that were found in the journal; absent while that is not known
 * @param entries how many entries of the log of repairs the run has of each kind, by outcome
 * @param books what came of them; absent while that is not known, and in lists
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ToldRun(
    UUID id,
    String askedBy,
    List<String> parts,
    boolean apply,
    String phase,
    @Nullable String step,
    Instant begunAt,
    @Nullable Instant endedAt,
    @Nullable Long millis,
    Map<String, Long> took,
    long generation,
    long asOfPosition,
    long compared,
    long equal,
    long different,
    long unsettled,
    @Nullable Long contradictions,
    Map<String, Map<String, Long>> entries,
    boolean fuseBlown,
    int attempts,
    @Nullable String why,
    @Nullable ToldBooks books) {

  private static final List<Phase> TIMED =
      List.of(Phase.BOOKS, Phase.COMPARING, Phase.SCANNING, Phase.REPAIRING);

  static ToldRun of(
      Run run,
      @Nullable Long contradictions,
      Map<String, Map<String, Long>> entries,
      @Nullable ToldBooks books) {
    long different =
        entries.getOrDefault("found", Map.of()).values().stream().mapToLong(Long::longValue).sum();
    Instant endedAt = run.endedAt();
    Map<String, Long> took = new LinkedHashMap<>();
    TIMED.forEach(phase -> took.put(phase.word(), run.millis().getOrDefault(phase, 0L)));
    return new ToldRun(
        run.id(),
        run.askedBy(),
        Arrays.stream(Part.values()).filter(run.parts()::contains).map(Part::word).toList(),
        run.apply(),
        run.phase().word(),
        run.step(),
        run.begunAt(),
        endedAt,
        endedAt == null ? null : Duration.between(run.begunAt(), endedAt).toMillis(),
        took,
        run.generation(),
        run.position(),
        run.compared(),
        Math.max(0, run.compared() - run.unsettled() - different),
        different,
        run.unsettled(),
        contradictions,
        entries,
        run.fuseBlown(),
        run.attempts(),
        run.why(),
        books);
  }

  /** Whether the run does {@code part}. */
  boolean does(Part part) {
    return parts.contains(part.word());
  }

  /** Runs, the newest first. */
  record Listed(List<ToldRun> runs) {}
}
