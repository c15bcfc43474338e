package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Refuses paths with a bare semicolon: Spring takes what follows for a parameter and drops it, and
 * {@code A;B} would become the SKU {@code A}.
 */
final class PathFilter implements Filter {

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (((HttpServletRequest) request).getRequestURI().indexOf(';') < 0) {
      chain.doFilter(request, response);
      return;
    }
    Problem problem =
        Problem.of(ProblemType.MALFORMED_PATH, "a semicolon in a path is written %3B");
    ((HttpServletResponse) response).setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE);
    response.getWriter().write(problem.toJson());
  }
}
