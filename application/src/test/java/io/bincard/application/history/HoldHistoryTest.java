package io.bincard.application.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.history.LedgerCheck.Event;
import io.bincard.application.history.LedgerCheck.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link HistoryTest} is for stock, for holds and for orders that are taken at once. */
class HoldHistoryTest {

  private static final String POLICY = "f".repeat(64);
  private static final String CONTENT =
      "{\"campaign\":[{\"budget\":\"5.00 GBP\",\"id\":\"c\",\"uses-per-customer\":1}],"
          + "\"currency\":\"GBP\",\"currency-digits\":2}";
  private static final String H = "00000000-0000-0000-0000-000000000001";
  private static final String U = "00000000-0000-0000-0000-000000000002";
  private static final String A = "stock:A@MAIN";
  private static final String B = "stock:B@MAIN";
  private static final String ALL = "campaign:c";
  private static final String ANNA = "campaign:c/anna";
  private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
  private static final String FIRST_END = "2026-12-01T12:01:00Z";
  private static final String LAST_END = "2026-12-01T12:02:00Z";

  private final History history = new History();
  private final List<Event> journal = new ArrayList<>();
  private Instant now = NOON;

  /**
   * Anna's hold with a price, confirmed in part, extended and expired; and one without a price,
   * which nobody has ended.
   */
  @BeforeEach
  void a_hold_that_is_confirmed_in_part_extended_and_expires_and_one_that_is_open() {
    history.sends(Command.activatePolicy("p", POLICY, CONTENT));
    add(
        "discount-policy",
        "policy-activated",
        "{\"fingerprint\":\"%s\",\"content\":%s}".formatted(POLICY, Command.quoted(CONTENT)),
        "p");
    register("A", 5);
    register("B", 5);
    history.sends(
        Command.placeHold(
            "h1",
            "o",
            60,
            "\"customer\":\"anna\",\"lines\":[%s,%s]"
                .formatted(priced("A", 3, 500), priced("B", 1, 500))));
    add(
        "hold:" + H,
        "hold-placed",
        "{\"hold\":\"%s\",\"orderId\":\"o\",\"parts\":[%s,%s],\"price\":%s,\"placedAt\":\"2026-12-01T12:00:00Z\",\"expiresAt\":\"%s\"}"
            .formatted(H, part(0, "A", 3, 1_199), part(1, "B", 1, 500), price(), FIRST_END),
        "h1");
    promise(A, "stock-reserved", 3, "", FIRST_END, "h1");
    promise(B, "stock-reserved", 1, "", FIRST_END, "h1");
    budget("budget-reserved", 301, 1, "", FIRST_END, "h1");
    history.sends(
        Command.ofHold(
            "c1",
            "confirm-hold",
            H,
            "\"lines\":[{\"sku\":\"A\",\"quantity\":1}],\"rest\":\"keep\""));
    add(
        "hold:" + H,
        "hold-confirmed",
        "{\"hold\":\"%s\",\"orderId\":\"o\",\"parts\":[%s],\"rest\":\"keep\"}"
            .formatted(H, part(0, "A", 1, 400)),
        "c1");
    promise(A, "reservation-confirmed", 1, "", FIRST_END, "c1");
    budget("budget-spent", 100, 1, "", FIRST_END, "c1");
    now = NOON.plusSeconds(30);
    history.sends(Command.ofHold("x1", "extend-hold", H, "\"ttlSeconds\":90"));
    add(
        "hold:" + H,
        "hold-extended",
        "{\"hold\":\"%s\",\"orderId\":\"o\",\"from\":\"%s\",\"expiresAt\":\"%s\"}"
            .formatted(H, FIRST_END, LAST_END),
        "x1");
    promise(A, "reservation-extended", 2, FIRST_END, LAST_END, "x1");
    promise(B, "reservation-extended", 1, FIRST_END, LAST_END, "x1");
    budget("budget-reservation-extended", 201, 0, FIRST_END, LAST_END, "x1");
    now = Instant.parse(LAST_END);
    expire("bincard/expire-1");
    place("h2");
  }

  private void expire(String key) {
    add(
        "hold:" + H,
        "hold-expired",
        "{\"hold\":\"%s\",\"orderId\":\"o\",\"expiredAt\":\"%s\"}".formatted(H, LAST_END),
        key);
    promise(A, "reservation-expired", 2, "", LAST_END, key);
    promise(B, "reservation-expired", 1, "", LAST_END, key);
    budget("budget-released", 201, 0, "", LAST_END, key);
  }

  /** Hold U of two lines of one item, told as it is. */
  private void place(String key) {
    history.sends(
        Command.placeHold(
            key,
            "u",
            60,
            "\"lines\":[{\"sku\":\"B\",\"quantity\":1},{\"sku\":\"B\",\"quantity\":2}]"));
    add(
        "hold:" + U,
        "hold-placed",
        "{\"hold\":\"%s\",\"orderId\":\"u\",\"parts\":[%s,%s],\"placedAt\":\"%s\",\"expiresAt\":\"2026-12-01T12:03:00Z\"}"
            .formatted(U, part(0, "B", 1, -1), part(1, "B", 2, -1), LAST_END),
        key);
    add(
        B,
        "stock-reserved",
        "{\"sku\":\"B\",\"location\":\"MAIN\",\"quantity\":3,\"hold\":\"%s\",\"orderId\":\"u\",\"until\":\"2026-12-01T12:03:00Z\"}"
            .formatted(U),
        key);
    history.isTold(key, 201, told(key, 0, journal.size(), "placed"), false);
  }

  private static String told(String key, int version, long position, String status) {
    return "{\"key\":\"%s\",\"status\":\"done\",\"stream\":\"hold:%s\",\"version\":%d,\"position\":%d,\"hold\":"
            .formatted(key, U, version, position)
        + "{\"id\":\"%s\",\"orderId\":\"u\",\"status\":\"%s\",\"placedAt\":\"%s\",\"expiresAt\":\"2026-12-01T12:03:00Z\",\"lines\":["
            .formatted(U, status, LAST_END)
        + "{\"line\":0,\"sku\":\"B\",\"location\":\"MAIN\",\"quantity\":1,\"confirmed\":0},"
        + "{\"line\":1,\"sku\":\"B\",\"location\":\"MAIN\",\"quantity\":2,\"confirmed\":0}]}}";
  }

  @Test
  void finds_nothing_where_all_holds() {
    assertThat(faults()).isEmpty();
  }

  @Test
  void finds_every_part_of_a_hold_that_is_missing() {
    List<Event> whole = List.copyOf(journal);
    for (Event row : whole) {
      if (row.type().matches("stock-reserved|reservation-.*|budget-.*")) {
        journal.clear();
        journal.addAll(whole);
        journal.remove(row);
        assertThat(faults())
            .as(row.toString())
            .anyMatch(
                fault ->
                    fault.matches("I1 .*" + row.stream() + " " + row.type() + " .*must follow")
                        || fault.contains("the journal ends before " + row.type()));
      }
    }
  }

  @Test
  void finds_every_part_of_a_hold_that_is_not_what_its_own_stream_says() {
    List<Event> whole = List.copyOf(journal);
    for (Event row : whole) {
      if (row.type().matches("reservation-.*|budget-.*")) {
        journal.clear();
        journal.addAll(whole);
        replace(row, "(quantity|amount)\":(\\d)", "$1\":9$2");
        assertThat(faults())
            .as(row.toString())
            .anyMatch(fault -> fault.startsWith("I3 " + row.stream() + " "))
            .anyMatch(fault -> fault.startsWith("I3 half a hold: " + row.stream()));
      }
    }
  }

  @Test
  void finds_a_promise_that_no_hold_has_made() {
    promise(A, "stock-reserved", 1, "", LAST_END, "h9");

    assertThat(faults())
        .anyMatch(fault -> fault.startsWith("I3 half a hold: stock:A@MAIN has stock-reserved"))
        .anyMatch(fault -> fault.matches("I3 stock:A@MAIN promises .* and its holds have .*"));
  }

  @Test
  void finds_a_promise_of_more_than_there_is_though_all_of_it_lapses() {
    replace(first("stock-item-registered"), "Quantity\":5", "Quantity\":2");

    assertThat(faults())
        .contains(
            "I3 stock:A@MAIN is oversold at 5: -1 available",
            "I3 stock:A@MAIN has 2 on hand and 3 reserved at 5");
  }

  @Test
  void finds_a_budget_that_is_promised_beyond_its_limits() {
    replace(first("policy-activated"), "5[.]00", "3.00");
    assertThat(faults()).contains("I3 campaign:c has spent 301 of 300 at 7");

    replace(first("policy-activated"), "per-customer(?<colon>[^0-9]*)1", "per-customer${colon}0");
    assertThat(faults()).contains("I3 campaign:c/anna has 1 uses of 0 at 8");
  }

  @Test
  void finds_a_hold_that_goes_on_behind_its_end() {
    history.sends(Command.ofHold("r1", "release-hold", H, ""));
    add("hold:" + H, "hold-released", "{\"hold\":\"%s\",\"orderId\":\"o\"}".formatted(H), "r1");

    assertThat(faults())
        .anyMatch(fault -> fault.startsWith("I3 hold:" + H + " is \"expired\" and goes on"));
  }

  @Test
  void finds_a_hold_that_expires_before_its_time_and_one_that_is_confirmed_behind_it() {
    List<Event> whole = List.copyOf(journal);
    at("bincard/expire-1", Instant.parse(LAST_END).minusMillis(1));
    assertThat(faults()).anyMatch(fault -> fault.startsWith("I3 hold:" + H + " expires at 18"));

    journal.clear();
    journal.addAll(whole);
    at("c1", Instant.parse(FIRST_END).plusMillis(1_001));
    assertThat(faults()).anyMatch(fault -> fault.matches("I3 hold:.* behind its time .*"));
  }

  @Test
  void finds_a_confirmation_of_what_was_not_asked_for_or_at_another_price() {
    List<Event> whole = List.copyOf(journal);
    replace(first("hold-confirmed"), "400", "399");
    assertThat(faults()).anyMatch(fault -> fault.startsWith("I1 c1 at 9 is hold-confirmed"));

    journal.clear();
    journal.addAll(whole);
    replace(first("hold-confirmed"), "\"A\"", "\"B\"");
    assertThat(faults()).anyMatch(fault -> fault.startsWith("I1 c1 at 9 is hold-confirmed"));

    journal.clear();
    journal.addAll(whole);
    replace(first("hold-confirmed"), "keep", "release");
    assertThat(faults()).anyMatch(fault -> fault.startsWith("I1 c1 at 9 is hold-confirmed"));
  }

  @Test
  void finds_a_hold_of_other_lines_or_another_time_than_were_asked_for() {
    List<Event> whole = List.copyOf(journal);
    replace(journal.get(journal.size() - 2), "quantity\":1", "quantity\":2");
    assertThat(faults()).anyMatch(fault -> fault.startsWith("I1 h2 at 23 is hold-placed"));

    journal.clear();
    journal.addAll(whole);
    replace(journal.get(journal.size() - 2), "12:03:00Z", "12:04:00Z");
    assertThat(faults()).anyMatch(fault -> fault.startsWith("I1 h2 at 23 is hold-placed"));
  }

  @Test
  void finds_a_hold_that_its_sender_was_told_otherwise() {
    history.isTold("h3", 201, told("h3", 0, 24, "placed"), false);
    assertThat(faults())
        .anyMatch(fault -> fault.matches("I1 h3 was told .* and the journal has nothing of it"));
  }

  @Test
  void believes_a_second_step_that_changed_nothing_if_the_hold_was_so_then() {
    history.sends(Command.ofHold("x2", "extend-hold", U, "\"ttlSeconds\":1"));
    history.isTold("x2", 200, told("x2", 0, 24, "placed"), false);
    history.sends(Command.ofHold("r2", "release-hold", U, ""));
    history.isTold("r2", 200, told("r2", 0, 24, "expired"), false);
    assertThat(faults()).isEmpty();

    history.sends(Command.ofHold("r3", "release-hold", U, ""));
    history.isTold("r3", 200, told("r3", 0, 24, "released"), false);
    history.sends(Command.ofHold("c3", "confirm-hold", U, ""));
    history.isTold("c3", 200, told("c3", 0, 24, "placed"), false);
    history.sends(Command.ofHold("r4", "release-hold", U, ""));
    history.isTold("r4", 200, told("r4", 0, 22, "expired"), false);
    assertThat(faults())
        .anyMatch(fault -> fault.startsWith("I1 r3 was told"))
        .anyMatch(fault -> fault.startsWith("I1 c3 was told"))
        .anyMatch(fault -> fault.startsWith("I1 r4 was told"))
        .noneMatch(fault -> fault.contains("x2") || fault.contains("r2 "));
  }

  @Test
  void lets_an_answer_leave_out_what_had_lapsed_and_nobody_had_written_down() {
    now = Instant.parse("2026-12-01T12:03:00Z");
    history.sends(Command.deduct("d", "B", 1, "d"));
    add(
        B,
        "stock-deducted",
        "{\"sku\":\"B\",\"location\":\"MAIN\",\"quantity\":1,\"orderId\":\"d\"}",
        "d");
    String answer =
        "{\"key\":\"d\",\"status\":\"done\",\"stream\":\"stock:B@MAIN\",\"version\":5,\"position\":25,\"onHand\":4,\"reserved\":%d,\"available\":%d}";
    history.isTold("d", 201, answer.formatted(0, 4), false);
    assertThat(faults()).isEmpty();

    history.sends(Command.deduct("e", "B", 1, "d"));
    add(B, "stock-deducted", journal.getLast().payload(), "e");
    history.isTold(
        "e", 201, answer.formatted(2, 1).replace("\"d\"", "\"e\"").replace("25", "26"), false);
    assertThat(faults()).anyMatch(fault -> fault.startsWith("I1 e was told"));
  }

  @Test
  void finds_half_an_order_and_one_of_more_than_was_asked_for() {
    history.sends(
        Command.deductOrder(
            "o1",
            "z",
            "{\"sku\":\"A\",\"quantity\":1},{\"sku\":\"B\",\"quantity\":1},{\"sku\":\"A\",\"quantity\":1}"));
    String taken = "{\"sku\":\"%s\",\"location\":\"MAIN\",\"quantity\":%d,\"orderId\":\"z\"}";
    add(A, "stock-deducted", taken.formatted("A", 2), "o1");
    add(B, "stock-deducted", taken.formatted("B", 1), "o1");
    history.isTold(
        "o1",
        201,
        "{\"key\":\"o1\",\"status\":\"done\",\"orderId\":\"z\",\"position\":26,\"items\":["
            + "{\"sku\":\"A\",\"location\":\"MAIN\",\"stream\":\"stock:A@MAIN\",\"version\":5,\"onHand\":2,\"reserved\":0,\"available\":2},"
            + "{\"sku\":\"B\",\"location\":\"MAIN\",\"stream\":\"stock:B@MAIN\",\"version\":5,\"onHand\":4,\"reserved\":3,\"available\":1}]}",
        false);
    assertThat(faults()).isEmpty();

    replace(journal.get(24), "quantity\":2", "quantity\":1");
    assertThat(faults())
        .contains("I1 half an order: o1 took {A@MAIN=1, B@MAIN=1} and not {A=2, B=1}");

    journal.removeLast();
    assertThat(faults()).contains("I1 half an order: o1 took {A@MAIN=1} and not {A=2, B=1}");
  }

  @Test
  void finds_a_refused_command_that_wrote_the_end_of_a_hold_down() {
    journal.replaceAll(
        row -> "bincard/expire-1".equals(row.key()) ? with(row, row.payload(), "d9") : row);
    history.sends(Command.deduct("d9", "A", 9, "o"));
    history.isTold("d9", 409, "{\"type\":\"/problems/insufficient-stock\"}", false);

    assertThat(faults()).anyMatch(fault -> fault.startsWith("I2 d9 was told"));
  }

  @Test
  void counts_the_holds_that_nobody_has_ended() {
    LedgerCheck check = history.check(false);
    rows().forEach(check::event);

    assertThat(check.holds(Instant.parse("2026-12-01T12:02:59Z")))
        .isEqualTo(Map.of("expired", 1L, "open", 1L));
    assertThat(check.holds(Instant.parse("2026-12-01T12:03:00Z")))
        .isEqualTo(Map.of("expired", 1L, "lapsed", 1L));
  }

  private List<String> faults() {
    LedgerCheck check = history.check(false);
    List<Event> rows = rows();
    Map<String, Long> born = new HashMap<>();
    Map<String, Long> last = new HashMap<>();
    rows.forEach(
        row -> {
          check.event(row);
          born.putIfAbsent(row.stream(), row.position());
          last.put(String.valueOf(row.key()), row.position());
        });
    check.head(rows.size());
    born.forEach(check::stream);
    history
        .told()
        .forEach(
            (key, told) ->
                check.receipt(new Receipt(key, told.status(), told.body(), last.get(key))));
    return history.finish(check);
  }

  /** The journal as it is now, with its positions and sequences. */
  private List<Event> rows() {
    Map<String, Long> sequences = new HashMap<>();
    List<Event> rows = new ArrayList<>();
    for (Event row : journal) {
      long sequence = sequences.merge(row.stream(), 0L, (before, _) -> before + 1);
      rows.add(
          new Event(
              row.at(),
              rows.size() + 1L,
              row.stream(),
              sequence,
              row.type(),
              row.payload(),
              row.key()));
    }
    return rows;
  }

  private void add(String stream, String type, String payload, String key) {
    journal.add(new Event(now, 0, stream, 0, type, payload, key));
  }

  private static Event with(Event row, String payload, String key) {
    return new Event(row.at(), 0, row.stream(), 0, row.type(), payload, key);
  }

  private void replace(Event row, String pattern, String replacement) {
    String payload = row.payload().replaceAll(pattern, replacement);
    assertThat(payload).isNotEqualTo(row.payload());
    journal.set(journal.indexOf(row), with(row, payload, String.valueOf(row.key())));
  }

  private void at(String key, Instant at) {
    journal.replaceAll(
        row ->
            key.equals(row.key())
                ? new Event(at, 0, row.stream(), 0, row.type(), row.payload(), key)
                : row);
  }

  private Event first(String type) {
    return journal.stream().filter(row -> row.type().equals(type)).findFirst().orElseThrow();
  }

  private void register(String sku, long units) {
    history.sends(Command.register("r-" + sku, sku, units));
    add(
        "stock:" + sku + "@MAIN",
        "stock-item-registered",
        "{\"sku\":\"%s\",\"location\":\"MAIN\",\"openingQuantity\":%d,\"safetyStock\":0,\"backorderLimit\":0}"
            .formatted(sku, units),
        "r-" + sku);
  }

  private void promise(
      String stream, String type, long units, String from, String until, String key) {
    add(
        stream,
        type,
        "{\"sku\":\"%s\",\"location\":\"MAIN\",\"quantity\":%d,\"hold\":\"%s\",\"orderId\":\"o\",%s\"until\":\"%s\"}"
            .formatted(
                stream.substring(6, 7),
                units,
                H,
                from.isEmpty() ? "" : "\"from\":\"%s\",".formatted(from),
                until),
        key);
  }

  private void budget(String type, long amount, int uses, String from, String until, String key) {
    for (String account : List.of(ALL, ANNA)) {
      add(
          account,
          type,
          "{\"campaign\":\"c\",%s\"orderId\":\"o\",\"amount\":%s,\"promise\":{\"hold\":\"%s\",\"until\":\"%s\",\"uses\":%d}%s}"
              .formatted(
                  account.equals(ANNA) ? "\"customer\":\"anna\"," : "",
                  money(amount),
                  H,
                  until,
                  uses,
                  from.isEmpty() ? "" : ",\"from\":\"%s\"".formatted(from)),
          key);
    }
  }

  private static String priced(String sku, long units, long price) {
    return "{\"sku\":\"%s\",\"quantity\":%d,\"unitPrice\":%s}".formatted(sku, units, money(price));
  }

  private static String part(int line, String sku, long units, long finalPrice) {
    return "{\"line\":%d,\"sku\":\"%s\",\"location\":\"MAIN\",\"quantity\":%d%s}"
        .formatted(line, sku, units, finalPrice < 0 ? "" : ",\"finalPrice\":" + money(finalPrice));
  }

  /** The campaign pays 3.01 for three of A, and nothing for B. */
  private static String price() {
    return "{\"orderId\":\"o\",\"policy\":\"%s\",\"pricedAt\":\"2026-12-01T12:00:00Z\",\"customer\":\"anna\",\"coupons\":[],\"exhausted\":[],"
            .formatted(POLICY)
        + "\"priced\":{\"lines\":[{\"line\":{\"sku\":\"A\",\"quantity\":3,\"unitPrice\":%s,\"attributes\":[]},"
            .formatted(money(500))
        + "\"adjustments\":[{\"rule\":\"r\",\"campaign\":\"c\",\"amount\":301}],\"lost\":[]},"
        + "{\"line\":{\"sku\":\"B\",\"quantity\":1,\"unitPrice\":%s,\"attributes\":[]},\"adjustments\":[],\"lost\":[]}],\"lost\":[]}}"
            .formatted(money(500));
  }

  private static String money(long amount) {
    return "{\"amount\":%d,\"currency\":\"GBP\"}".formatted(amount);
  }
}
