package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The query parameters of a command, read strictly: one that is misspelt or said twice would change
 * what the command does.
 */
final class RequestParameters {

  private RequestParameters() {}

  /**
   * Every parameter of {@code request}.
   *
   * @throws InvalidRequestException if one stands there more than once
   */
  static Map<String, String> of(HttpServletRequest request) {
    Map<String, String> parameters = new LinkedHashMap<>();
    request
        .getParameterMap()
        .forEach(
            (name, values) -> {
              if (values.length > 1) {
                throw new InvalidRequestException(
                    Problem.of(
                        ProblemType.REPEATED_PARAMETER,
                        "a query parameter may stand there only once"));
              }
              parameters.put(name, values[0]);
            });
    return parameters;
  }

  /**
   * Checks that {@code request} has no parameters but those of {@code known}, each at most once.
   *
   * @throws InvalidRequestException if it has
   */
  static void allowOnly(HttpServletRequest request, Set<String> known) {
    if (!known.containsAll(of(request).keySet())) {
      throw new InvalidRequestException(
          Problem.of(
              ProblemType.UNKNOWN_PARAMETER,
              known.isEmpty()
                  ? "this route has no query parameters"
                  : "the query parameters of this route are " + String.join(", ", known)));
    }
  }
}
