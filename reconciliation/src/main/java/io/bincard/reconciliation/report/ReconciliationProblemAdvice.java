package io.bincard.reconciliation.report;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Tells a {@link ReconciliationProblem}, before whoever takes any exception for a fault. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ReconciliationProblemAdvice {

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refuse(ReconciliationProblem problem) {
    return problem.answer();
  }
}
