package io.bincard.application.api;

import io.bincard.application.problems.Problem;

/** A request that is refused before anything is looked up; nothing is stored. */
final class InvalidRequestException extends RuntimeException {

  private final transient Problem problem;

  InvalidRequestException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
