package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers every failure of every route with a problem; none shows a stack trace. */
@RestControllerAdvice
final class ProblemAdvice {

  private static final Logger logger = LoggerFactory.getLogger(ProblemAdvice.class);

  private static final String RETRY_AFTER_SECONDS = "1";

  @ExceptionHandler
  @Nullable ResponseEntity<String> answer(Exception failure, HttpServletResponse response)
      throws Exception {
    if (response.isCommitted() && failure instanceof InvalidRequestException) {
      return null; // Tomcat could not read the request and refuses it in its own words
    }
    if (response.isCommitted()) {
      // Thrown on, so that the connection is cut: half an answer must not look like a whole one.
      throw failure;
    }
    Problem known = Problems.of(failure);
    if (known != null) {
      return entity(known, HttpHeaders.EMPTY);
    }
    if (failure instanceof ErrorResponse error) {
      return entity(ofFramework(error), error.getHeaders());
    }
    logger.atError().setCause(failure).log("A request failed");
    return entity(Problems.internal(), HttpHeaders.EMPTY);
  }

  private static Problem ofFramework(ErrorResponse error) {
    return error instanceof MissingServletRequestParameterException missing
        ? Problem.of(
            ProblemType.MISSING_PARAMETER,
            "the query parameter " + missing.getParameterName() + " is required")
        : Problems.ofStatus(error.getStatusCode().value());
  }

  private static ResponseEntity<String> entity(Problem problem, HttpHeaders headers) {
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(problem.status())
            .headers(headers)
            .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return answer.body(problem.toJson());
  }
}
