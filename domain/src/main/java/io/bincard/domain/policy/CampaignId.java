package io.bincard.domain.policy;

import io.bincard.domain.Code;

/**
 * The name of a campaign; what was spent is kept under it for ever. Case-sensitive, validated,
 * never rewritten.
 */
public record CampaignId(String value) {

  /**
   * @throws io.bincard.domain.InvalidValueException if {@code value} is no {@link Code}
   */
  public CampaignId {
    Code.checked("a campaign", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
