package io.bincard.application.faults;

import io.bincard.application.history.History.Extent;
import java.util.List;

/**
 * What became of a run.
 *
 * @param rounds that were done
 * @param extent how much the clients did meanwhile
 * @param violations what did not hold; empty if all did
 * @param remark figures worth a line, such as the time until a successor answered
 */
public record FaultReport(int rounds, Extent extent, List<String> violations, String remark) {

  public FaultReport {
    violations = List.copyOf(violations);
  }
}
