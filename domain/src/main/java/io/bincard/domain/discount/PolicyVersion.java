package io.bincard.domain.discount;

import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.pricing.Pricing;
import java.time.Instant;
import java.time.OffsetDateTime;

/** A version of the policy, ready to price carts. */
public record PolicyVersion(PolicyFingerprint fingerprint, DiscountPolicy policy, Pricing pricing) {

  public PolicyVersion(PolicyFingerprint fingerprint, DiscountPolicy policy) {
    this(fingerprint, policy, new Pricing(policy));
  }

  /** {@code instant} by the clocks of the policy's zone. */
  public OffsetDateTime at(Instant instant) {
    return instant.atZone(policy.zone()).toOffsetDateTime();
  }
}
