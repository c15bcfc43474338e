package io.bincard.domain.pricing;

/**
 * More rules are about a cart than can be told: each of them is in the price, won or lost, for each
 * of its lines.
 */
public final class TooManyRulesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TooManyRulesException() {
    super(
        "the rules about its lines are more than "
            + Pricing.MAX_TOUCHES
            + ", each counted once a line");
  }
}
