package io.bincard.application.api;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.bincard.application.discount.AppliedDiscounts;
import io.bincard.application.discount.Quotes;
import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.Cart;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.stock.OrderId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The routes of prices: those that are only asked for, and those that stand. */
@RestController
@RequestMapping(
    path = "/v1",
    produces = {APPLICATION_JSON_VALUE, Problem.MEDIA_TYPE})
final class DiscountController {

  /** The members of a quote. */
  static final List<Field<?>> OF_A_QUOTE =
      List.of(Field.LINES, Field.COUPONS, Field.CUSTOMER, Field.AT);

  private final CommandCounter counter;
  private final Quotes quotes;
  private final AppliedDiscounts applied;
  private final long maxBodyBytes;

  DiscountController(
      CommandCounter counter, Quotes quotes, AppliedDiscounts applied, ApiProperties limits) {
    this.counter = counter;
    this.quotes = quotes;
    this.applied = applied;
    this.maxBodyBytes = limits.maxCart().toBytes();
  }

  @PostMapping(path = "/discounts", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> apply(HttpServletRequest request) throws Exception {
    return counter.takeBody(CommandForm.APPLY_DISCOUNT, request, null, null);
  }

  @DeleteMapping("/discounts/{orderId}")
  ResponseEntity<String> revoke(@PathVariable String orderId, HttpServletRequest request)
      throws Exception {
    return counter.takeQuery(CommandForm.REVOKE_DISCOUNT, request, Field.ORDER_ID, orderId);
  }

  /** The price that the order has; 404 if it has none. */
  @GetMapping("/discounts/{orderId}")
  ResponseEntity<String> find(@PathVariable String orderId, HttpServletRequest request) {
    RequestParameters.allowOnly(request, Set.of());
    OrderId id = orderId(orderId);
    return ResponseEntity.ok(
        LedgerJson.write(
            applied
                .find(id)
                .orElseThrow(
                    () ->
                        new InvalidRequestException(
                            Problem.of(
                                ProblemType.DISCOUNT_NOT_APPLIED,
                                "order " + id + " has no price",
                                Map.of("orderId", id.value()))))));
  }

  private static OrderId orderId(String value) {
    try {
      return new OrderId(value);
    } catch (InvalidValueException e) {
      throw new InvalidRequestException(
          Problem.of(ProblemType.INVALID_VALUE, Objects.requireNonNullElse(e.getMessage(), "")));
    }
  }

  /** What the cart would cost; nothing is taken. */
  @PostMapping(path = "/quotes", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> quote(HttpServletRequest request) {
    RequestParameters.allowOnly(request, Set.of());
    ReleaseStage stage =
        Objects.requireNonNullElse(RequestHeaders.releaseStage(request), ReleaseStage.STABLE);
    Members members;
    Cart cart;
    try {
      members = Members.read(RequestBody.read(request, maxBodyBytes), OF_A_QUOTE);
      cart =
          new Cart(
              members.get(Field.LINES),
              Set.copyOf(members.get(Field.COUPONS)),
              members.find(Field.CUSTOMER));
    } catch (InvalidMembersException e) {
      throw CommandForm.invalid(e.violations());
    } catch (InvalidValueException e) {
      throw CommandForm.invalid(
          List.of(new Members.Violation("", Objects.requireNonNullElse(e.getMessage(), ""))));
    }
    return switch (quotes.quote(cart, members.find(Field.AT), stage)) {
      case Quotes.Quote.Priced(var order) -> ResponseEntity.ok(LedgerJson.write(order));
      case Quotes.Quote.Refused(Problem problem) -> throw new InvalidRequestException(problem);
    };
  }
}
