package io.bincard.domain.pricing;

import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.RuleId;
import org.jspecify.annotations.Nullable;

/**
 * What a rule took off a line.
 *
 * @param campaign whose budget pays for it, {@code null} for none
 * @param amount minor units, above 0
 */
public record Adjustment(RuleId rule, @Nullable CampaignId campaign, long amount) {}
