package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import java.io.IOException;

/** The rest of a body cannot be read; what was read before stands. */
final class UnreadableBodyException extends IOException {

  private final transient Problem problem;

  UnreadableBodyException(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
