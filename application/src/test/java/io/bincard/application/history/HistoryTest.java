package io.bincard.application.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.history.History.Command;
import io.bincard.application.history.History.Extent;
import io.bincard.application.history.History.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing must be one that would have found something. */
class HistoryTest {

  private static final Row REGISTERED = row(1, 0, "stock-item-registered", "openingQuantity", 5);
  private static final Row SOLD = row(2, 1, "stock-deducted", "quantity", 5);

  private final History history = new History();
  private final List<Row> journal = new ArrayList<>(List.of(REGISTERED, SOLD));

  @BeforeEach
  void a_registration_a_sale_and_a_refusal() {
    sends("k1", 5, done(0, 1, 5));
    sends("k2", -5, done(1, 2, 0));
    sends("k3", -1, "{\"type\":\"/problems/insufficient-stock\",\"status\":409}");
  }

  @Test
  void finds_nothing_where_all_holds() {
    assertThat(history.faultsIn(journal)).isEmpty();
    assertThat(history.extent()).isEqualTo(new Extent(2, 1, 0));
  }

  @Test
  void finds_a_lost_command() {
    journal.removeLast();

    assertThat(history.faultsIn(journal)).singleElement().asString().startsWith("k2 was told ");
  }

  @Test
  void finds_a_command_with_two_effects_and_what_it_oversold() {
    journal.add(new Row(3, SOLD.stream(), 2, SOLD.type(), SOLD.payload(), "k2"));

    assertThat(history.faultsIn(journal))
        .contains("k2 has a second effect at 3", "stock:A@MAIN is oversold at 3: -5");
  }

  @Test
  void finds_a_refused_command_with_an_effect() {
    journal.add(row(3, 2, "stock-adjusted", "delta", -1));

    assertThat(history.faultsIn(journal))
        .anyMatch(fault -> fault.startsWith("k3 was refused and has an effect"));
  }

  @Test
  void finds_an_effect_that_nobody_sent() {
    journal.add(row(4, 2, "stock-received", "quantity", 1));

    assertThat(history.faultsIn(journal))
        .contains("position 4 stands where 3 should", "k4 at 3 was never sent");
  }

  @Test
  void finds_an_effect_that_is_not_what_was_sent() {
    journal.set(1, row(2, 1, "stock-deducted", "quantity", 4));

    assertThat(history.faultsIn(journal)).anyMatch(fault -> fault.contains("is not what was sent"));
  }

  @Test
  void finds_a_gap_in_a_stream() {
    journal.set(1, row(2, 2, "stock-deducted", "quantity", 5));

    assertThat(history.faultsIn(journal)).contains("stock:A@MAIN has 2 where 1 should be");
  }

  @Test
  void finds_a_key_that_was_told_two_things() {
    history.isTold(new Command("k2", "A", -5), done(1, 2, 1), true);

    assertThat(history.faultsIn(journal))
        .singleElement()
        .asString()
        .startsWith("k2 was told two things");
  }

  private void sends(String key, long delta, String answer) {
    Command command = new Command(key, "A", delta);
    history.sends(command);
    history.isTold(command, answer, false);
  }

  private static String done(long version, long position, long onHand) {
    return "{\"status\":\"done\",\"stream\":\"stock:A@MAIN\",\"version\":%d,\"position\":%d,\"onHand\":%d}"
        .formatted(version, position, onHand);
  }

  private static Row row(long position, long sequence, String type, String member, long value) {
    return new Row(
        position,
        "stock:A@MAIN",
        sequence,
        type,
        "{\"" + member + "\":" + value + "}",
        "k" + position);
  }
}
