package io.bincard.domain.policy;

import io.bincard.domain.Code;

/**
 * The name of a rule, for ever: prices of the past speak of it. Case-sensitive, validated, never
 * rewritten.
 */
public record RuleId(String value) {

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no {@link Code}
   */
  public RuleId {
    Code.checked("a rule", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
