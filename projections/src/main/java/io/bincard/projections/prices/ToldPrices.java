package io.bincard.projections.prices;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.domain.discount.PriceList;
import io.bincard.domain.policy.CampaignId;
import io.bincard.projections.reading.Price;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What units of a SKU cost, as it is told and kept.
 *
 * @param listPrice of a unit
 * @param version of the description that the list price is of
 * @param policy fingerprint of the version in force, {@code null} if there is none
 * @param pricedAt when, by the clocks of the policy's zone; {@code null} without a policy
 * @param steps by number of units
 */
@JsonPropertyOrder({"sku", "listPrice", "version", "policy", "pricedAt", "steps"})
@JsonInclude(JsonInclude.Include.NON_NULL)
record ToldPrices(
    String sku,
    Price listPrice,
    long version,
    @Nullable String policy,
    @Nullable String pricedAt,
    List<Step> steps) {

  ToldPrices {
    steps = List.copyOf(steps);
  }

  /**
   * From so many units on.
   *
   * @param unitPrice of each of {@code from} units, rounded
   * @param finalPrice of {@code from} units
   */
  @JsonPropertyOrder({"from", "unitPrice", "finalPrice", "rules"})
  record Step(long from, Price unitPrice, Price finalPrice, List<Taken> rules) {

    Step {
      rules = List.copyOf(rules);
    }

    static Step of(PriceList.Step step) {
      String currency = step.finalPrice().currency().value();
      return new Step(
          step.from(),
          Price.of(step.unitPrice()),
          Price.of(step.finalPrice()),
          step.adjustments().stream()
              .map(
                  taken ->
                      new Taken(
                          taken.rule().value(),
                          word(taken.campaign()),
                          new Price(taken.amount(), currency)))
              .toList());
    }
  }

  /**
   * What a rule takes off {@code from} units.
   *
   * @param campaign that pays for it as long as its budget lasts; {@code null} for none
   */
  @JsonPropertyOrder({"rule", "campaign", "amount"})
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Taken(String rule, @Nullable String campaign, Price amount) {}

  private static @Nullable String word(@Nullable CampaignId campaign) {
    return campaign == null ? null : campaign.value();
  }
}
