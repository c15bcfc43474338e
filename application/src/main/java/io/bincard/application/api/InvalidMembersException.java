package io.bincard.application.api;

import io.bincard.application.api.Members.Violation;
import java.util.List;

/** Members of a JSON object are missing, unknown or wrong; names all of them. */
final class InvalidMembersException extends RuntimeException {

  private final transient List<Violation> violations;

  InvalidMembersException(List<Violation> violations) {
    super("members are wrong");
    this.violations = List.copyOf(violations);
  }

  List<Violation> violations() {
    return violations;
  }
}
