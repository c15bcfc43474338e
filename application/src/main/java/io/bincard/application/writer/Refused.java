package io.bincard.application.writer;

import io.bincard.application.problems.Problem;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;

/** The command was refused, for a reason that its sender is told for ever. */
public record Refused(Problem problem) implements Verdict {

  @Override
  public boolean isAccepted() {
    return false;
  }

  @Override
  public Outcome outcome(CommandKey key, long position) {
    return new Outcome(problem.status(), problem.toJson());
  }
}
