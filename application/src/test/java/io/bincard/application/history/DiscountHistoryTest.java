package io.bincard.application.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.history.History.Extent;
import io.bincard.application.history.LedgerCheck.Event;
import io.bincard.application.history.LedgerCheck.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link HistoryTest} is for stock, for discounts and the budgets that pay for them. */
class DiscountHistoryTest {

  private static final String CONTENT =
      "{\"campaign\":[{\"budget\":\"5.00 GBP\",\"id\":\"c\",\"uses\":2,\"uses-per-customer\":1}],"
          + "\"currency\":\"GBP\",\"currency-digits\":2}";
  private static final String POLICY = "f".repeat(64);
  private static final String REGISTER = "discount-policy";
  private static final String ALL = "campaign:c";
  private static final String ANNA = "campaign:c/anna";

  private final History history = new History();
  private final List<Event> journal = new ArrayList<>();

  /**
   * A policy in force, an order of Anna's with a price, its price taken back, and it priced anew.
   */
  @BeforeEach
  void an_order_that_is_priced_taken_back_and_priced_again() {
    history.sends(Command.activatePolicy("p", POLICY, CONTENT));
    history.isTold(
        "p",
        200,
        "{\"key\":\"p\",\"status\":\"done\",\"stream\":\"discount-policy\",\"version\":0,\"position\":1,"
            + "\"inForce\":\""
            + POLICY
            + "\"}",
        false);
    journal.add(
        new Event(
            Instant.EPOCH,
            1,
            REGISTER,
            0,
            "policy-activated",
            "{\"fingerprint\":\"%s\",\"content\":%s}".formatted(POLICY, Command.quoted(CONTENT)),
            "p"));
    isApplied("a1", "o", "anna", 300);
    history.sends(Command.revokeDiscount("r1", "o"));
    history.isTold(
        "r1",
        200,
        "{\"key\":\"r1\",\"status\":\"done\",\"stream\":\"discount:o\",\"version\":1,\"position\":7}",
        false);
    add("discount:o", "discount-revoked", "{\"orderId\":\"o\"}", "r1");
    add(ALL, "budget-released", paid("", "o", 300), "r1");
    add(ANNA, "budget-released", paid("anna", "o", 300), "r1");
    isApplied("a2", "o", "anna", 400);
  }

  @Test
  void finds_nothing_where_all_holds() {
    assertThat(faults()).isEmpty();
    assertThat(history.extent()).isEqualTo(new Extent(4, 0, 0));
  }

  @Test
  void finds_a_campaign_that_spends_more_than_its_budget() {
    isApplied("a3", "p", "bob", 101);

    assertThat(faults()).containsExactly("I3 campaign:c has spent 501 of 500 at 12");
  }

  @Test
  void finds_a_campaign_that_is_used_more_often_than_it_may() {
    isApplied("a3", "p", "bob", 10);
    assertThat(faults()).isEmpty();

    isApplied("a4", "q", "", 10);
    assertThat(faults()).containsExactly("I3 campaign:c has 3 uses of 2 at 15");
  }

  @Test
  void finds_a_customer_who_uses_a_campaign_more_often_than_each_may() {
    isApplied("a3", "p", "anna", 10);

    assertThat(faults()).containsExactly("I3 campaign:c/anna has 2 uses of 1 at 13");
  }

  @Test
  void finds_an_order_that_does_without_a_campaign_which_has_enough() {
    isWithout("a3", "p", "anna");
    assertThat(faults()).isEmpty();

    isWithout("a4", "q", "bob");
    assertThat(faults()).isEmpty(); // 100 are left, and the order costs 1000

    history.sends(Command.revokeDiscount("r2", "o"));
    add("discount:o", "discount-revoked", "{\"orderId\":\"o\"}", "r2");
    add(ALL, "budget-released", paid("", "o", 400), "r2");
    add(ANNA, "budget-released", paid("anna", "o", 400), "r2");
    replace(0, journal.getFirst().payload().replace("5.00", "10.00"));
    isWithout("a5", "r", "bob");
    assertThat(faults())
        .anyMatch(fault -> fault.startsWith("I3 discount:r does without c at 16, which has "));
  }

  @Test
  void finds_a_price_that_no_campaign_paid() {
    replace(2, journal.get(2).payload().replace("300", "299"));

    assertThat(faults())
        .anyMatch(fault -> fault.matches("I1 a1 at 2: campaign:c budget-spent .*300.* must follow"))
        .contains("I5 a1 has a second effect at 3");
  }

  @Test
  void finds_a_campaign_that_has_back_what_it_did_not_pay() {
    replace(5, journal.get(5).payload().replace("300", "301"));

    assertThat(faults())
        .anyMatch(fault -> fault.startsWith("I1 r1 at 5: campaign:c budget-released"))
        .contains("I3 campaign:c has back more than it spent at 6")
        .anyMatch(
            fault -> fault.matches("I3 campaign:c has .*spent=399.* its orders .*spent=400.*"));
  }

  @Test
  void finds_a_price_that_ends_with_the_journal_and_is_not_paid() {
    journal.removeLast();

    assertThat(faults()).contains("I1 the journal ends before budget-spent of a2");
  }

  @Test
  void finds_an_order_with_two_prices_and_one_that_had_none_to_take_back() {
    isApplied("a3", "o", "", 10);
    assertThat(faults()).contains("I3 discount:o has a second price at 11");

    history.sends(Command.revokeDiscount("r2", "z"));
    add("discount:z", "discount-revoked", "{\"orderId\":\"z\"}", "r2");
    assertThat(faults()).contains("I3 discount:z had no price at 13");
  }

  @Test
  void finds_a_price_by_a_policy_that_is_not_in_force() {
    replace(1, journal.get(1).payload().replace(POLICY, "0".repeat(64)));

    assertThat(faults())
        .contains(
            "I3 discount:o is priced at 2 by " + "0".repeat(64) + " and not by " + POLICY,
            "I3 the policy has no campaign:c at 3");
  }

  @Test
  void finds_a_line_that_costs_less_than_nothing() {
    isApplied("a3", "p", "", 1_001);

    assertThat(faults()).contains("I3 discount:p has a line below nothing at 11");
  }

  @Test
  void finds_a_price_that_is_not_of_the_cart_that_was_sent() {
    replace(1, journal.get(1).payload().replace("\"quantity\":2", "\"quantity\":3"));

    assertThat(faults()).anyMatch(fault -> fault.startsWith("I1 a1 at 2 is discount-applied"));
  }

  @Test
  void finds_a_price_that_its_sender_was_not_told() {
    history.sends(Command.applyDiscount("a3", "p", lines()));
    history.isTold("a3", 201, applied("a3", "p", 0, 11, 10), false);
    add("discount:p", "discount-applied", priced("p", "", 20), "a3");
    add(ALL, "budget-spent", paid("", "p", 20), "a3");

    assertThat(faults()).anyMatch(fault -> fault.matches("I1 a3 was told .* journal has .*"));
  }

  @Test
  void finds_a_key_with_a_second_price() {
    add("discount:p", "discount-applied", priced("p", "", 10), "a2");
    add(ALL, "budget-spent", paid("", "p", 10), "a2");

    assertThat(faults()).contains("I5 a2 has a second effect at 11");
  }

  private List<String> faults() {
    LedgerCheck check = history.check(false);
    Map<String, Long> born = new HashMap<>();
    journal.forEach(check::event);
    journal.forEach(row -> born.putIfAbsent(row.stream(), row.position()));
    check.head(journal.size());
    born.forEach(check::stream);
    Map<String, Long> last = new HashMap<>();
    journal.forEach(row -> last.put(String.valueOf(row.key()), row.position()));
    history
        .told()
        .forEach(
            (key, told) ->
                check.receipt(new Receipt(key, told.status(), told.body(), last.get(key))));
    check.views("e", journal.size());
    return history.finish(check);
  }

  /** A price that was asked for, told and paid; nobody's if {@code customer} is empty. */
  private void isApplied(String key, String order, String customer, long off) {
    history.sends(
        Command.applyDiscount(
            key,
            order,
            lines() + (customer.isEmpty() ? "" : ",\"customer\":\"" + customer + "\"")));
    add("discount:" + order, "discount-applied", priced(order, customer, off), key);
    long version = journal.getLast().sequence();
    add(ALL, "budget-spent", paid("", order, off), key);
    if (!customer.isEmpty()) {
      add(ALL + "/" + customer, "budget-spent", paid(customer, order, off), key);
    }
    history.isTold(key, 201, applied(key, order, version, journal.size(), off), false);
  }

  /** A price that its campaign did not pay, because it had nothing left. */
  private void isWithout(String key, String order, String customer) {
    history.sends(
        Command.applyDiscount(key, order, lines() + ",\"customer\":\"" + customer + "\""));
    add("discount:" + order, "discount-applied", withoutIt(priced(order, customer, 0)), key);
    history.isTold(key, 201, withoutIt(applied(key, order, 0, journal.size(), 0)), false);
  }

  private static String withoutIt(String json) {
    return json.replace("\"exhausted\":[]", "\"exhausted\":[\"c\"]")
        .replaceAll("(adjustments|rules)\":\\[\\{[^\\]]*\\]", "$1\":[]");
  }

  private void add(String stream, String type, String payload, String key) {
    long sequence = journal.stream().filter(row -> row.stream().equals(stream)).count();
    journal.add(
        new Event(Instant.EPOCH, journal.size() + 1L, stream, sequence, type, payload, key));
  }

  private void replace(int index, String payload) {
    Event row = journal.get(index);
    journal.set(
        index,
        new Event(
            Instant.EPOCH,
            row.position(),
            row.stream(),
            row.sequence(),
            row.type(),
            payload,
            row.key()));
  }

  private static String lines() {
    return "\"lines\":[{\"sku\":\"A\",\"quantity\":2,\"unitPrice\":" + money(500) + "}]";
  }

  private static String priced(String order, String customer, long off) {
    return "{\"orderId\":\"%s\",\"policy\":\"%s\",\"pricedAt\":\"2026-07-01T12:00:00Z\",%s\"coupons\":[],\"exhausted\":[],"
            .formatted(
                order, POLICY, customer.isEmpty() ? "" : "\"customer\":\"" + customer + "\",")
        + "\"priced\":{\"lines\":[{\"line\":{\"sku\":\"A\",\"quantity\":2,\"unitPrice\":%s,\"attributes\":[]},"
            .formatted(money(500))
        + "\"adjustments\":[{\"rule\":\"r\",\"campaign\":\"c\",\"amount\":%d}],\"lost\":[]}],\"lost\":[]}}"
            .formatted(off);
  }

  private static String paid(String customer, String order, long amount) {
    return "{\"campaign\":\"c\",%s\"orderId\":\"%s\",\"amount\":%s}"
        .formatted(
            customer.isEmpty() ? "" : "\"customer\":\"" + customer + "\",", order, money(amount));
  }

  private static String applied(String key, String order, long version, long position, long off) {
    return "{\"key\":\"%s\",\"status\":\"done\",\"stream\":\"discount:%s\",\"version\":%d,\"position\":%d,"
            .formatted(key, order, version, position)
        + "\"order\":{\"orderId\":\"%s\",\"policy\":\"%s\",\"pricedAt\":\"2026-07-01T12:00:00Z\","
            .formatted(order, POLICY)
        + "\"listPrice\":%s,\"discount\":%s,\"finalPrice\":%s,"
            .formatted(money(1_000), money(off), money(1_000 - off))
        + "\"lines\":[{\"sku\":\"A\",\"quantity\":2,\"unitPrice\":%s,\"listPrice\":%s,"
            .formatted(money(500), money(1_000))
        + "\"adjustments\":[{\"rule\":\"r\",\"campaign\":\"c\",\"amount\":%s}],\"finalPrice\":%s,\"lost\":[]}],"
            .formatted(money(off), money(1_000 - off))
        + "\"rules\":[{\"rule\":\"r\",\"amount\":%s}],\"lost\":[],\"exhausted\":[]}}"
            .formatted(money(off));
  }

  private static String money(long amount) {
    return "{\"amount\":%d,\"currency\":\"GBP\"}".formatted(amount);
  }
}
