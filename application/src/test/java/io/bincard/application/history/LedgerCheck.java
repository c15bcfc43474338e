package io.bincard.application.history;

import io.bincard.application.history.History.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds a ledger against what clients sent and were told. It is given the journal in the order of
 * positions, then the head, the streams, the receipts and the views, each once: linear in all of
 * them.
 */
final class LedgerCheck {

  private static final String STOCK = "stock:";

  private final Map<String, Command> sent;
  private final Map<String, Told> told;
  private final boolean isPartial;
  private final List<String> found = new ArrayList<>();
  private final Map<String, StockModel> items = new HashMap<>();
  private final DiscountModel discounts = new DiscountModel(found::add);
  private final Map<String, Long> born = new HashMap<>();
  private final Map<String, Effect> effects = new HashMap<>();
  private final Map<String, Told> receipts = new HashMap<>();
  private final Set<String> viewed = new HashSet<>();
  private long position;

  /** A row of the journal. */
  record Event(
      long position,
      String stream,
      long sequence,
      String type,
      String payload,
      @Nullable String key) {}

  /**
   * What a command has made of a stream, as its sender is told.
   *
   * @param position of its last event
   * @param members what the answer says besides, in JSON, with a comma before each
   */
  record Effect(String stream, long version, long position, String members) {

    /** The answer to {@code key}, to the byte. */
    String answer(String key) {
      return "{\"key\":%s,\"status\":\"done\",\"stream\":%s,\"version\":%d,\"position\":%d%s}"
          .formatted(Command.quoted(key), Command.quoted(stream), version, position, members);
    }

    Effect until(long last) {
      return new Effect(stream, version, last, members);
    }
  }

  /** A row of the receipts; one without a position has none. */
  record Receipt(String key, int status, String outcome, @Nullable Long position) {}

  /**
   * @param isPartial whether the ledger has commands that are not in the history
   */
  LedgerCheck(Map<String, Command> sent, Map<String, Told> told, boolean isPartial) {
    this.sent = sent;
    this.told = told;
    this.isPartial = isPartial;
  }

  void event(Event row) {
    if (row.position() != ++position) {
      found.add("I4 position %d stands where %d should".formatted(row.position(), position));
      position = row.position();
    }
    if (row.sequence() == 0) {
      born.putIfAbsent(row.stream(), row.position());
    }
    if (row.key() == null) {
      found.add("I1 the event at %d has no key".formatted(position));
      return;
    }
    if (discounts.follows(row)) {
      effects.computeIfPresent(row.key(), (key, effect) -> effect.until(position));
      return;
    }
    boolean isOfStock = row.stream().startsWith(STOCK);
    if (!isOfStock && !DiscountModel.isAbout(row.stream())) {
      found.add("I1 no rule for the stream %s at %d".formatted(row.stream(), position));
      return;
    }
    StockModel item = isOfStock ? items.computeIfAbsent(row.stream(), StockModel::new) : null;
    Command command = sent.get(row.key());
    if (command != null) {
      String expected = item == null ? discounts.expected(command, row) : item.expected(command);
      String stored = row.type() + " " + row.payload();
      if (!stored.equals(expected)) {
        found.add("I1 %s at %d is %s and not %s".formatted(row.key(), position, stored, expected));
      }
    } else if (!isPartial) {
      found.add("I1 %s at %d was never sent".formatted(row.key(), position));
    }
    Effect effect = item == null ? discounts.apply(row) : item.apply(row, found::add);
    if (effects.put(row.key(), effect) != null) {
      found.add("I5 %s has a second effect at %d".formatted(row.key(), position));
    }
  }

  void head(long head) {
    if (head != position) {
      found.add("I4 the head is at %d and the journal ends at %d".formatted(head, position));
    }
  }

  void stream(String name, long bornPosition) {
    Long first = born.remove(name);
    if (first == null || first != bornPosition) {
      found.add("I4 %s is born at %d and begins at %s".formatted(name, bornPosition, first));
    }
  }

  void receipt(Receipt row) {
    Told receipt = new Told(row.status(), row.outcome());
    if (receipts.put(row.key(), receipt) != null) {
      found.add("I5 %s has two receipts".formatted(row.key()));
    }
    Effect effect = effects.get(row.key());
    if (!receipt.isDone() && effect != null) {
      found.add(
          "I2 %s was refused and has an effect at %d".formatted(row.key(), effect.position()));
    }
    if (receipt.isDone()) {
      String answer = effect == null ? "no effect" : effect.answer(row.key());
      if (!answer.equals(row.outcome())) {
        found.add(
            "I1 the receipt of %s says %s and the journal has %s"
                .formatted(row.key(), row.outcome(), answer));
      }
      if (effect != null && !Long.valueOf(effect.position()).equals(row.position())) {
        found.add(
            "I5 the receipt of %s is of position %s and its event at %d"
                .formatted(row.key(), row.position(), effect.position()));
      }
    }
  }

  /** What the view store says of itself, before its rows. */
  void views(String epoch, long reached) {
    if (epoch.isEmpty() || reached != position) {
      found.add(
          "I7 the views are at %d in epoch \"%s\" and the journal ends at %d"
              .formatted(reached, epoch, position));
    }
  }

  /** The item's row, its fields but for the epoch; empty if there is none. */
  void view(String stream, Map<String, String> fields) {
    viewed.add(stream);
    StockModel item = items.get(stream);
    Map<String, String> expected = item == null ? Map.of() : item.view();
    if (!fields.equals(expected)) {
      found.add("I7 the view of %s is %s and not %s".formatted(stream, fields, expected));
    }
  }

  /** The streams of stock items that the journal has. */
  Set<String> streams() {
    return items.keySet();
  }

  long position() {
    return position;
  }

  /** Ends the check, after all rows, and returns what did not hold. */
  List<String> finish() {
    born.keySet().forEach(stream -> found.add("I4 %s is not registered".formatted(stream)));
    discounts.finish();
    told.forEach(this::compare);
    return found;
  }

  private void compare(String key, Told answer) {
    Effect effect = effects.get(key);
    if (answer.isDone()) {
      String journaled = effect == null ? "nothing of it" : effect.answer(key);
      if (!answer.body().equals(journaled)) {
        found.add(
            "I1 %s was told %s and the journal has %s".formatted(key, answer.body(), journaled));
      }
    } else if (effect != null) {
      found.add("I2 %s was told %s and has an effect".formatted(key, answer));
    }
    Told receipt = receipts.get(key);
    if (!answer.equals(receipt)) {
      found.add("I5 %s was told %s and its receipt says %s".formatted(key, answer, receipt));
    }
  }
}
