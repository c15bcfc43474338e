package io.bincard.domain.discount;

import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.policy.CampaignId;
import org.jspecify.annotations.Nullable;

/**
 * Which account: what a campaign spent in all, or on one customer.
 *
 * @param customer {@code null} for all
 */
public record AccountId(CampaignId campaign, @Nullable CustomerId customer) {

  private static final String STREAM_PREFIX = "campaign:";

  /**
   * The account's stream in the journal, {@code campaign:{campaign}} or {@code
   * campaign:{campaign}/{customer}}; no code can hold a {@code /}.
   */
  public String stream() {
    return customer == null ? STREAM_PREFIX + campaign : STREAM_PREFIX + campaign + '/' + customer;
  }
}
