package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers what failed outside every route with a problem, in place of Spring Boot's page. */
@RestController
final class FailureController implements ErrorController {

  /** Where the container goes with a failure; whoever asks for it themselves finds nothing. */
  @RequestMapping("${spring.web.error.path:/error}")
  @Nullable ResponseEntity<String> answer(
      HttpServletRequest request, HttpServletResponse response) {
    if (response.isCommitted()) {
      return null;
    }
    Problem problem =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
            ? Problems.ofStatus(status)
            : Problems.ofStatus(HttpStatus.NOT_FOUND.value());
    return ResponseEntity.status(problem.status())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem.toJson());
  }
}
