package io.bincard.projections.storefront;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Tells a {@link StorefrontProblem}, before whoever takes any exception for a fault. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StorefrontProblemAdvice {

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refuse(StorefrontProblem problem) {
    return problem.answer();
  }
}
