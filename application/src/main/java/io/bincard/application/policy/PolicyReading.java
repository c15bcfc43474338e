package io.bincard.application.policy;

import io.bincard.domain.policy.DiscountPolicy;
import java.util.List;

/** What came of reading a policy. */
public sealed interface PolicyReading {

  /** It is a policy. */
  record Read(DiscountPolicy policy) implements PolicyReading {}

  /** It has mistakes, at least one. */
  record Refused(List<PolicyError> errors) implements PolicyReading {
    public Refused {
      errors = List.copyOf(errors);
    }
  }
}
