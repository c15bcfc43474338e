package io.bincard.application.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.history.History.Extent;
import io.bincard.application.history.LedgerCheck.Event;
import io.bincard.application.history.LedgerCheck.Receipt;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checker that finds nothing must be one that would have found something: each test doctors a
 * ledger in which all holds.
 */
class HistoryTest {

  private static final String STREAM = "stock:A@MAIN";
  private static final String REFUSAL =
      "{\"type\":\"/problems/insufficient-stock\",\"status\":409}";

  private final History history = new History();
  private final List<Event> journal = new ArrayList<>();
  private final List<Receipt> receipts = new ArrayList<>();
  private final Map<String, Long> born = new HashMap<>(Map.of(STREAM, 1L));
  private final Map<String, String> view =
      new HashMap<>(
          Map.ofEntries(
              Map.entry("id", "A@MAIN"),
              Map.entry("sku", "A"),
              Map.entry("location", "MAIN"),
              Map.entry("version", "1"),
              Map.entry("position", "2"),
              Map.entry("onHand", "0"),
              Map.entry("reserved", "0"),
              Map.entry("lapses", ""),
              Map.entry("available", "0"),
              Map.entry("safetyStock", "0"),
              Map.entry("backorderLimit", "0"),
              Map.entry("frozen", "false"),
              Map.entry("in", "locations:A\tMAIN\nlow-stock\t8000000000000000:A@MAIN\n")));
  private long head = 2;
  private long reached = 2;

  @BeforeEach
  void a_registration_a_sale_and_a_refusal() {
    sends(Command.register("k1", "A", 5), 201, done("k1", 0, 1, 5));
    sends(Command.deduct("k2", "A", 5, "o"), 201, done("k2", 1, 2, 0));
    sends(Command.deduct("k3", "A", 1, "o"), 409, REFUSAL);
    journal.add(
        event(
            1,
            0,
            "stock-item-registered",
            "\"openingQuantity\":5,\"safetyStock\":0,\"backorderLimit\":0"));
    journal.add(event(2, 1, "stock-deducted", "\"quantity\":5,\"orderId\":\"o\""));
    receipts.add(new Receipt("k1", 201, done("k1", 0, 1, 5), 1L));
    receipts.add(new Receipt("k2", 201, done("k2", 1, 2, 0), 2L));
    receipts.add(new Receipt("k3", 409, REFUSAL, null));
  }

  @Test
  void finds_nothing_where_all_holds() {
    assertThat(faults()).isEmpty();
    assertThat(history.extent()).isEqualTo(new Extent(2, 1, 0));
  }

  // I1

  @Test
  void finds_a_lost_command() {
    journal.removeLast();
    receipts.remove(1);
    head = 1;

    assertThat(faults())
        .anyMatch(fault -> fault.matches("I1 k2 was told .* and the journal has nothing of it"));
  }

  @Test
  void finds_an_effect_that_nobody_sent() {
    journal.add(new Event(Instant.EPOCH, 3, STREAM, 2, "stock-received", "{\"quantity\":1}", "k4"));

    assertThat(faults()).contains("I1 k4 at 3 was never sent");
  }

  @Test
  void lets_others_send_where_the_history_is_one_of_several() {
    journal.add(new Event(Instant.EPOCH, 3, STREAM, 2, "stock-received", "{\"quantity\":1}", "k4"));

    assertThat(faults(true)).noneMatch(fault -> fault.contains("never sent"));
  }

  @Test
  void finds_bytes_that_are_not_what_was_sent() {
    journal.set(1, event(2, 1, "stock-deducted", "\"quantity\":5,\"orderId\":\"p\""));

    assertThat(faults())
        .containsExactly(
            "I1 k2 at 2 is stock-deducted {\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":5,\"orderId\":\"p\"}"
                + " and not stock-deducted {\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":5,\"orderId\":\"o\"}");
  }

  // I2

  @Test
  void finds_a_refused_command_with_an_effect() {
    journal.add(new Event(Instant.EPOCH, 3, STREAM, 2, "stock-deducted", "{\"quantity\":1}", "k3"));

    assertThat(faults())
        .anyMatch(fault -> fault.startsWith("I2 k3 was told"))
        .contains("I2 k3 was refused and has an effect at 3");
  }

  // I3

  @Test
  void finds_what_is_oversold_at_any_prefix() {
    journal.set(1, event(2, 1, "stock-deducted", "\"quantity\":6,\"orderId\":\"o\""));
    journal.add(new Event(Instant.EPOCH, 3, STREAM, 2, "stock-received", "{\"quantity\":9}", "k4"));

    assertThat(faults()).contains("I3 stock:A@MAIN is oversold at 2: -1 available");
  }

  @Test
  void finds_a_frozen_item_that_moves() {
    journal.add(new Event(Instant.EPOCH, 3, STREAM, 2, "stock-item-frozen", "{}", "k4"));
    journal.add(new Event(Instant.EPOCH, 4, STREAM, 3, "stock-received", "{\"quantity\":9}", "k5"));

    assertThat(faults()).contains("I3 stock:A@MAIN is frozen and moves at 4");
  }

  @Test
  void finds_a_stream_without_a_beginning() {
    journal.set(0, event(1, 0, "stock-received", "\"quantity\":5"));

    assertThat(faults()).contains("I3 stock:A@MAIN has stock-received at 1");
  }

  // I4

  @Test
  void finds_a_gap_in_the_positions() {
    journal.set(
        1,
        new Event(Instant.EPOCH, 3, STREAM, 1, "stock-deducted", journal.get(1).payload(), "k2"));

    assertThat(faults()).contains("I4 position 3 stands where 2 should");
  }

  @Test
  void finds_a_gap_in_a_stream() {
    journal.set(1, event(2, 2, "stock-deducted", "\"quantity\":5,\"orderId\":\"o\""));

    assertThat(faults()).contains("I4 stock:A@MAIN has sequence 2 at 2 where 1 should be");
  }

  @Test
  void finds_a_head_that_is_not_the_end() {
    head = 3;

    assertThat(faults()).containsExactly("I4 the head is at 3 and the journal ends at 2");
  }

  @Test
  void finds_a_stream_that_is_not_registered_or_elsewhere() {
    born.put(STREAM, 2L);
    assertThat(faults()).containsExactly("I4 stock:A@MAIN is born at 2 and begins at 1");

    born.clear();
    assertThat(faults()).containsExactly("I4 stock:A@MAIN is not registered");
  }

  // I5

  @Test
  void finds_a_command_with_two_effects() {
    journal.add(
        new Event(Instant.EPOCH, 3, STREAM, 2, "stock-deducted", journal.get(1).payload(), "k2"));

    assertThat(faults()).contains("I5 k2 has a second effect at 3");
  }

  @Test
  void finds_a_key_that_was_told_two_things() {
    history.isTold("k2", 201, done("k2", 1, 2, 1), true);

    assertThat(faults()).singleElement().asString().startsWith("I5 k2 was told two things");
  }

  @Test
  void finds_a_receipt_that_says_something_else() {
    receipts.set(2, new Receipt("k3", 409, REFUSAL.replace("409", "404"), null));

    assertThat(faults()).singleElement().asString().startsWith("I5 k3 was told");
  }

  @Test
  void finds_a_receipt_too_few_or_too_many() {
    receipts.add(receipts.removeLast());
    receipts.add(receipts.getLast());
    assertThat(faults()).containsExactly("I5 k3 has two receipts");

    receipts.removeIf(receipt -> receipt.key().equals("k3"));
    assertThat(faults()).singleElement().asString().endsWith("and its receipt says null");
  }

  @Test
  void finds_a_receipt_that_is_not_what_the_journal_says_though_nobody_was_told() {
    receipts.add(new Receipt("k4", 201, done("k4", 2, 3, 1), 3L));

    assertThat(faults())
        .containsExactly(
            "I1 the receipt of k4 says " + done("k4", 2, 3, 1) + " and the journal has no effect");
  }

  // I7

  @Test
  void finds_a_view_that_is_not_the_fold() {
    view.put("onHand", "1");

    assertThat(faults()).singleElement().asString().startsWith("I7 the view of stock:A@MAIN is ");
  }

  @Test
  void finds_a_view_that_speaks_of_another_position_than_its_events_have_or_the_journal_ends_at() {
    history.sends(Command.register("k4", "B", 5));
    journal.add(
        new Event(
            Instant.EPOCH,
            3,
            "stock:B@MAIN",
            0,
            "stock-item-registered",
            "{\"sku\":\"B\",\"location\":\"MAIN\",\"openingQuantity\":5,\"safetyStock\":0,\"backorderLimit\":0}",
            "k4"));
    head = 3;
    reached = 3;
    born.put("stock:B@MAIN", 3L);
    view.put("position", "3");
    assertThat(faults()).isEmpty();

    view.put("position", "4");
    assertThat(faults()).singleElement().asString().startsWith("I7 the view of stock:A@MAIN is ");

    view.put("position", "1");
    assertThat(faults()).singleElement().asString().startsWith("I7 the view of stock:A@MAIN is ");
  }

  @Test
  void finds_views_that_are_behind() {
    reached = 1;

    assertThat(faults())
        .containsExactly("I7 the views are at 1 in epoch \"e\" and the journal ends at 2");
  }

  @Test
  void tells_what_a_sender_was_told_that_nobody_may_be_told() {
    history.isWrong("503 without Retry-After");

    assertThat(faults()).containsExactly("503 without Retry-After");
  }

  // The file

  @Test
  void is_the_same_after_it_was_written_and_read(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("history.jsonl");
    Command odd =
        new Command("k\"4", "set-stock-policy", "Ä 猫", "\"safetyStock\":1,\"location\":\"B\"");
    try (History written = new History(file)) {
      written.sends(Command.register("k1", "A", 5));
      written.isTold("k1", 201, done("k1", 0, 1, 5), false);
      written.sends(odd);
      written.isTold(odd.key(), 409, REFUSAL, true);
    }

    History read = History.read(file);

    assertThat(read.extent()).isEqualTo(new Extent(1, 1, 1));
    assertThat(Command.ofLine(odd.asJson())).isEqualTo(odd);
    LedgerCheck check = read.check(false);
    check.event(journal.getFirst());
    check.receipt(receipts.getFirst());
    assertThat(read.finish(check))
        .anyMatch(fault -> fault.startsWith("I5 k\"4 was told"))
        .noneMatch(fault -> fault.contains("k1"));
  }

  private List<String> faults() {
    return faults(false);
  }

  private List<String> faults(boolean isPartial) {
    LedgerCheck check = history.check(isPartial);
    journal.forEach(check::event);
    check.head(head);
    born.forEach(check::stream);
    receipts.forEach(check::receipt);
    check.views("e", reached);
    check.view(STREAM, view);
    return history.finish(check);
  }

  private void sends(Command command, int status, String answer) {
    history.sends(command);
    history.isTold(command.key(), status, answer, false);
  }

  private static String done(String key, long version, long position, long onHand) {
    return "{\"key\":\"%s\",\"status\":\"done\",\"stream\":\"stock:A@MAIN\",\"version\":%d,\"position\":%d,\"onHand\":%d,\"reserved\":0,\"available\":%d}"
        .formatted(key, version, position, onHand, onHand);
  }

  private static Event event(long position, long sequence, String type, String members) {
    return new Event(
        Instant.EPOCH,
        position,
        STREAM,
        sequence,
        type,
        "{\"sku\":\"A\",\"location\":\"MAIN\"," + members + "}",
        "k" + position);
  }
}
