package io.bincard.application.problems;

import io.bincard.domain.discount.DiscountRejection;
import io.bincard.domain.discount.DiscountRejection.BudgetExhausted;
import io.bincard.domain.discount.DiscountRejection.CouponNotApplicable;
import io.bincard.domain.discount.DiscountRejection.CurrencyNotSold;
import io.bincard.domain.discount.DiscountRejection.DiscountAlreadyApplied;
import io.bincard.domain.discount.DiscountRejection.DiscountNotApplied;
import io.bincard.domain.discount.DiscountRejection.NoPolicyInForce;
import io.bincard.domain.discount.DiscountRejection.StaleOrderVersion;
import io.bincard.domain.discount.DiscountRejection.TooManyRules;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.pricing.Pricing;
import io.bincard.domain.register.PolicyRejection;
import io.bincard.domain.register.PolicyRejection.NoPolicyStaged;
import io.bincard.domain.register.PolicyRejection.PolicyAlreadyInForce;
import io.bincard.domain.register.PolicyRejection.PolicyAlreadyStaged;
import io.bincard.domain.register.PolicyRejection.StaleRegisterVersion;
import io.bincard.domain.register.PolicyRejection.UnknownPolicy;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The problem of every rejection of discounts and policies. Stored with the receipt, so a changed
 * wording never changes an old answer.
 */
public final class DiscountProblems {

  private static final String TOO_MANY_RULES =
      "the rules about its lines, each counted once a line, are more than ";

  private DiscountProblems() {}

  /** Of a cart that is no order yet. */
  public static Problem tooManyRules() {
    return Problem.of(
        ProblemType.TOO_MANY_RULES,
        TOO_MANY_RULES + Pricing.MAX_TOUCHES,
        members("most", Pricing.MAX_TOUCHES));
  }

  public static Problem of(DiscountRejection rejection) {
    String order = "order " + rejection.orderId();
    return switch (rejection) {
      case StaleOrderVersion r ->
          problem(
              r,
              ProblemType.STALE_ORDER_VERSION,
              order + " is at version " + r.actualVersion() + ", not " + r.expectedVersion(),
              members("expectedVersion", r.expectedVersion(), "actualVersion", r.actualVersion()));
      case DiscountAlreadyApplied r ->
          problem(
              r, ProblemType.DISCOUNT_ALREADY_APPLIED, order + " has its price already", members());
      case DiscountNotApplied r ->
          problem(r, ProblemType.DISCOUNT_NOT_APPLIED, order + " has no price", members());
      case NoPolicyInForce r ->
          problem(r, ProblemType.NO_POLICY_IN_FORCE, "there is no policy to price by", members());
      case CurrencyNotSold r ->
          problem(
              r,
              ProblemType.CURRENCY_NOT_SOLD,
              "the policy in force has prices in " + r.expected() + ", not in " + r.requested(),
              members("requested", r.requested().value(), "expected", r.expected().value()));
      case TooManyRules r ->
          problem(
              r, ProblemType.TOO_MANY_RULES, TOO_MANY_RULES + r.most(), members("most", r.most()));
      case CouponNotApplicable r ->
          problem(
              r,
              ProblemType.COUPON_NOT_APPLICABLE,
              "coupon "
                  + r.coupon()
                  + " does not apply"
                  + (r.reason() == null ? "" : ": " + word(r.reason())),
              r.reason() == null
                  ? members("coupon", r.coupon().value())
                  : members("coupon", r.coupon().value(), "reason", word(r.reason())));
      case BudgetExhausted r ->
          problem(
              r,
              ProblemType.BUDGET_EXHAUSTED,
              "campaign "
                  + r.campaign()
                  + ": "
                  + r.requested()
                  + " requested, "
                  + r.left()
                  + " left",
              members(
                  "campaign",
                  r.campaign().value(),
                  "limit",
                  r.limit().name().toLowerCase(Locale.ROOT),
                  "requested",
                  r.requested(),
                  "left",
                  r.left()));
    };
  }

  private static String word(LostRule.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Problem of(PolicyRejection rejection) {
    return switch (rejection) {
      case StaleRegisterVersion r ->
          Problem.of(
              ProblemType.STALE_REGISTER_VERSION,
              "the register is at version " + r.actualVersion() + ", not " + r.expectedVersion(),
              members("expectedVersion", r.expectedVersion(), "actualVersion", r.actualVersion()));
      case UnknownPolicy r ->
          Problem.of(
              ProblemType.UNKNOWN_POLICY,
              "the ledger never had this version",
              members("fingerprint", r.fingerprint().value()));
      case PolicyAlreadyInForce r ->
          Problem.of(
              ProblemType.POLICY_ALREADY_IN_FORCE,
              "this version is in force",
              members("fingerprint", r.fingerprint().value()));
      case PolicyAlreadyStaged r ->
          Problem.of(
              ProblemType.POLICY_ALREADY_STAGED,
              "this version is staged",
              members("fingerprint", r.fingerprint().value()));
      case NoPolicyStaged r -> Problem.of(ProblemType.NO_POLICY_STAGED, "no version is staged");
    };
  }

  private static Problem problem(
      DiscountRejection rejection, ProblemType type, String detail, Map<String, Object> numbers) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("orderId", rejection.orderId().value());
    all.putAll(numbers);
    return Problem.of(type, detail, all);
  }

  private static Map<String, Object> members(Object... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return members;
  }
}
