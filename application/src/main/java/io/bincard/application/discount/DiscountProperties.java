package io.bincard.application.discount;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of discounts.
 *
 * @param versionsKept versions of the policy that stay ready to price, 2 to 1,000
 * @param policyAge how old what a node knows of the policy in force may be when it quotes, at most
 *     1 s; the writer always knows
 * @param accountAge how old what a node knows of a campaign's spending may be when it quotes, at
 *     most 1 s
 */
@ConfigurationProperties("bincard.discounts")
public record DiscountProperties(
    @DefaultValue("8") int versionsKept,
    @DefaultValue("20ms") Duration policyAge,
    @DefaultValue("100ms") Duration accountAge) {

  private static final int LEAST_VERSIONS = 2;
  private static final int MOST_VERSIONS = 1_000;
  private static final Duration OLDEST = Duration.ofSeconds(1);

  public DiscountProperties {
    if (versionsKept < LEAST_VERSIONS || versionsKept > MOST_VERSIONS) {
      throw new IllegalArgumentException(
          "bincard.discounts: versions-kept must be from "
              + LEAST_VERSIONS
              + " to "
              + MOST_VERSIONS);
    }
    if (isNoAge(policyAge) || isNoAge(accountAge)) {
      throw new IllegalArgumentException(
          "bincard.discounts: policy-age and account-age must be from 0 to 1s");
    }
  }

  private static boolean isNoAge(Duration age) {
    return age.isNegative() || age.compareTo(OLDEST) > 0;
  }
}
