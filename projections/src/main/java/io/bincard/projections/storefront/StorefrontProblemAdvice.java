package io.bincard.projections.storefront;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Tells a {@link StorefrontProblem}, before whoever takes any exception for a fault. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StorefrontProblemAdvice {

  /** Seconds after which to come again where something is away. */
  private static final String RETRY_AFTER = "1";

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refuse(StorefrontProblem problem) {
    BodyBuilder answer =
        ResponseEntity.status(problem.body().getStatus())
            .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.body().getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
    }
    return answer.body(problem.body());
  }
}
