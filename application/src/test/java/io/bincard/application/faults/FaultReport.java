package io.bincard.application.faults;

import io.bincard.application.history.History.Extent;
import java.util.List;

/**
 * What became of a run.
 *
 * @param rounds that were done; 0 if the fault was not run
 * @param extent how much the clients did meanwhile
 * @param violations what did not hold; empty if all did
 * @param remark figures worth a line, such as the time until a successor answered
 * @param missing what was not run on this machine, and why; empty if all was
 */
public record FaultReport(
    int rounds, Extent extent, List<String> violations, String remark, List<String> missing) {

  public FaultReport {
    violations = List.copyOf(violations);
    missing = List.copyOf(missing);
  }
}
