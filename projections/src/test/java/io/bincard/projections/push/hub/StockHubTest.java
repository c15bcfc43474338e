package io.bincard.projections.push.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.Promise;
import io.bincard.projections.push.hub.Frame.Change;
import io.bincard.projections.push.hub.Frame.Heartbeat;
import io.bincard.projections.push.hub.Frame.Redirect;
import io.bincard.projections.push.hub.Frame.Resync;
import io.bincard.projections.push.hub.Frame.Snapshot;
import io.bincard.projections.push.hub.Frame.Unknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StockHubTest {

  private static final long FRESH = StockHub.FROM_NOTHING;
  private static final Duration FLUSH = Node.LIMITS.flushInterval();

  private final LedgerInMemory ledger = new LedgerInMemory();
  private final StockItemId cup = ledger.register("CUP", 100);
  private final StockItemId pot = ledger.register("POT", 100);
  private final Node node = new Node(ledger);
  private final Client client = new Client();

  private Client connected(long from, StockItemId... items) {
    node.connect(client, List.of(items), from);
    node.settle();
    return client;
  }

  private String value(StockItemId item) {
    return Node.value(item, ledger.state(item), node.clock.instant());
  }

  private static List<String> kinds(Client client) {
    return client.frames.stream().map(frame -> frame.getClass().getSimpleName()).toList();
  }

  @Test
  void tells_of_each_item_once_and_only_then_of_a_position() {
    connected(FRESH, cup, LedgerInMemory.item("NONE"), pot);

    assertThat(kinds(client)).containsExactly("Snapshot", "Unknown", "Snapshot", "Heartbeat");
    assertThat(client.frames.get(1)).isEqualTo(new Unknown(LedgerInMemory.item("NONE")));
    assertThat(client.frames.getLast()).isEqualTo(new Heartbeat(2));
    assertThat(client.values).containsEntry("CUP", value(cup)).containsEntry("POT", value(pot));
  }

  @Test
  void tells_of_a_change_with_its_position_and_of_nothing_else() {
    connected(FRESH, cup);
    client.frames.clear();
    ledger.deduct(pot, 1);
    ledger.deduct(cup, 1);
    ledger.publishOther();
    node.settle();

    assertThat(kinds(client)).containsExactly("Change");
    assertThat(client.position()).isEqualTo(4);
    assertThat(client.values).containsEntry("CUP", value(cup));
  }

  @Test
  void changes_between_two_flushes_are_one_and_the_last_one_counts() {
    connected(FRESH, cup, pot);
    client.frames.clear();
    ledger.deduct(cup, 5);
    ledger.deduct(pot, 1);
    ledger.deduct(cup, 5);
    node.settle();

    assertThat(client.frames)
        .extracting(frame -> ((Change) frame).item().position())
        .as("in the order of their last changes")
        .containsExactly(8L, 13L);
    assertThat(client.values).containsEntry("CUP", value(cup)).containsEntry("POT", value(pot));
    assertThat(node.counts.conflated()).isEqualTo(9);
  }

  @Test
  void a_flush_waits_until_its_interval_is_over() {
    connected(FRESH, cup);
    client.frames.clear();
    ledger.deduct(cup, 1);
    node.read(1);
    node.tick(FLUSH);
    ledger.deduct(cup, 1);
    node.read(1);
    node.tick(FLUSH.minusNanos(1));
    assertThat(client.frames).hasSize(1);
    node.tick(Duration.ofNanos(1));
    assertThat(client.frames).hasSize(2);
  }

  @Test
  void an_item_is_written_once_for_all_who_watch_it() {
    Client other = new Client();
    node.connect(other, List.of(cup), FRESH);
    connected(FRESH, cup, pot);
    ledger.deduct(cup, 1);
    node.settle();

    assertThat(((Change) client.frames.getLast()).item())
        .isSameAs(((Change) other.frames.getLast()).item());
    assertThat(ledger.finds()).as("questions to the ledger").isEqualTo(2);
  }

  @Test
  void who_comes_back_is_told_of_exactly_what_changed_meanwhile() {
    ledger.deduct(cup, 1);
    ledger.deduct(pot, 3);
    node.settle();

    connected(3, cup, pot, LedgerInMemory.item("NONE"));

    assertThat(kinds(client)).containsExactly("Change");
    assertThat(client.values).isEqualTo(Map.of("POT", value(pot)));
    assertThat(client.position()).isEqualTo(6);
  }

  @Test
  void who_comes_back_after_too_long_is_told_to_drop_what_it_knows_and_told_all() {
    ledger.deduct(cup, 1);
    node.settle();

    connected(1, cup, pot);

    assertThat(client.frames.getFirst()).isEqualTo(new Resync(ResyncReason.TOO_OLD));
    assertThat(kinds(client)).containsExactly("Resync", "Snapshot", "Snapshot", "Heartbeat");
    assertThat(client.position()).isEqualTo(3);
  }

  @Test
  void what_is_remembered_is_bounded_by_items_and_reaches_as_far_as_it_says() {
    RecentChanges recent = new RecentChanges(2, 10);
    recent.changed("a", 11);
    recent.changed("b", 12);
    recent.changed("a", 13);
    assertThat(recent.reachesBackTo(10)).isTrue();
    assertThat(recent.reachesBackTo(9)).isFalse();
    recent.changed("c", 14);

    assertThat(recent.reachesBackTo(12)).as("b is out, which changed at 12").isTrue();
    assertThat(recent.reachesBackTo(11)).isFalse();
    assertThat(recent.lastOf("a")).isEqualTo(13);
    assertThat(recent.lastOf("b")).isZero();
  }

  @Test
  void a_position_that_this_node_has_not_heard_of_is_waited_for() {
    node.connect(client, List.of(cup), 3);
    node.answer(10);
    node.tick(Node.LIMITS.resumeWait().minusMillis(1));
    assertThat(client.frames).isEmpty();
    ledger.deduct(cup, 2);
    node.settle();

    assertThat(kinds(client)).containsExactly("Change");
    assertThat(client.position()).isEqualTo(4);
  }

  @Test
  void a_position_that_the_ledger_never_had_is_not_waited_for_for_ever() {
    node.connect(client, List.of(cup), 1_000_000);
    node.answer(10);
    node.tick(Node.LIMITS.resumeWait());
    node.tick(FLUSH);

    assertThat(client.frames.getFirst()).isEqualTo(new Resync(ResyncReason.UNKNOWN_POSITION));
    assertThat(client.values).containsEntry("CUP", value(cup));
  }

  @Test
  void an_unknown_item_that_is_registered_later_is_told_of() {
    connected(FRESH, LedgerInMemory.item("NEW"));
    StockItemId item = ledger.register("NEW", 7);
    node.settle();

    assertThat(kinds(client)).containsExactly("Unknown", "Heartbeat", "Change");
    assertThat(client.values).containsEntry("NEW", value(item));
  }

  @Test
  void events_that_come_while_the_ledger_is_asked_are_neither_lost_nor_counted_twice() {
    node.connect(client, List.of(cup), FRESH);
    ledger.deduct(cup, 1);
    node.read(10);
    ledger.deduct(cup, 1);
    node.answer(1); // knows both
    ledger.deduct(cup, 1);
    node.settle();

    assertThat(client.values).containsEntry("CUP", value(cup));
    assertThat(node.counts.resyncs(ResyncReason.GAP)).isZero();
  }

  @Test
  void an_answer_of_the_ledger_that_is_old_when_it_comes_is_brought_up_to_date() {
    node.connect(client, List.of(cup), FRESH);
    node.ask(1);
    ledger.deduct(cup, 2);
    node.settle();

    assertThat(client.values).containsEntry("CUP", value(cup));
    assertThat(kinds(client)).containsExactly("Snapshot", "Heartbeat");
  }

  @Test
  void no_position_is_told_while_something_that_was_asked_for_is_still_to_come() {
    connected(FRESH, cup);
    ledger.setItemsUnavailable(true);
    node.hub.subscribe(client.stream(), List.of(pot), FRESH);
    client.frames.clear();
    node.tick(Node.LIMITS.heartbeat());

    assertThat(client.frames).containsExactly(new Heartbeat(Heartbeat.NO_POSITION));
  }

  @Test
  void a_gap_is_told_and_the_ledger_is_asked_anew() {
    connected(FRESH, cup, pot);
    client.frames.clear();
    node.hub.take(cup.stream(), 5, 3, () -> deducted(cup));
    node.settle();

    assertThat(client.frames.getFirst()).isEqualTo(new Resync(ResyncReason.GAP));
    assertThat(kinds(client)).containsExactly("Resync", "Snapshot", "Snapshot", "Heartbeat");
  }

  @Test
  void an_event_that_cannot_be_read_is_a_gap_for_who_watches_its_item_alone() {
    Client other = new Client();
    node.connect(other, List.of(pot), FRESH);
    connected(FRESH, cup);
    other.frames.clear();
    client.frames.clear();
    node.hub.take(
        cup.stream(),
        1,
        3,
        () -> {
          throw new IllegalStateException("unreadable");
        });
    node.settle();

    assertThat(kinds(client)).startsWith("Resync", "Snapshot");
    assertThat(other.frames).isEmpty();
  }

  @Test
  void positions_that_are_passed_over_are_a_gap_for_all() {
    connected(FRESH, cup, pot);
    node.hub.pass(10);
    node.settle();

    assertThat(client.frames).contains(new Resync(ResyncReason.GAP));
    assertThat(client.values).containsEntry("CUP", value(cup));
    assertThat(node.counts.resyncs(ResyncReason.GAP)).as("once, however many items").isEqualTo(1);
  }

  private static StockDeducted deducted(StockItemId item) {
    return new StockDeducted(item.sku(), item.location(), new Quantity(1), new OrderId("o"));
  }

  @Test
  void a_ledger_that_cannot_be_asked_is_asked_again_and_the_client_waits() {
    ledger.setItemsUnavailable(true);
    connected(FRESH, cup);
    assertThat(client.frames).isEmpty();
    ledger.setItemsUnavailable(false);
    node.tick(Duration.ofSeconds(1));
    node.settle();

    assertThat(client.values).containsEntry("CUP", value(cup));
  }

  @Test
  void a_promise_that_has_lapsed_is_not_told_any_more_without_an_event() {
    Promise promise = Promise.of(cup, 1, 30, node.clock.instant().plusSeconds(5));
    ledger.publish(promise.made());
    connected(FRESH, cup);
    assertThat(client.values).containsEntry("CUP", "CUP 1 100 70");

    node.tick(Duration.ofSeconds(5));
    Client later = new Client();
    node.connect(later, List.of(cup), FRESH);
    node.settle();

    assertThat(later.values).containsEntry("CUP", "CUP 1 100 100");
  }

  @Test
  void silence_is_filled_with_heartbeats_that_move_the_position() {
    connected(FRESH, cup);
    ledger.deduct(pot, 3);
    node.settle();
    client.frames.clear();
    node.tick(Node.LIMITS.heartbeat());

    assertThat(client.frames).containsExactly(new Heartbeat(2));
    node.connect(new Client(), List.of(cup), FRESH);
    ledger.deduct(cup, 1);
    node.settle();
    node.tick(Node.LIMITS.heartbeat());

    assertThat(client.frames.getLast()).isEqualTo(new Heartbeat(6));
  }

  @Test
  void heartbeats_tell_no_position_while_the_journal_cannot_be_read() {
    connected(FRESH, cup);
    client.frames.clear();
    node.hub.fed(false);
    node.tick(Node.LIMITS.heartbeat());

    assertThat(client.frames).containsExactly(new Heartbeat(Heartbeat.NO_POSITION));
  }

  @Test
  void a_client_that_does_not_read_gets_the_last_values_and_delays_nobody() {
    Client slow = new Client(2);
    slow.reads = false;
    node.connect(slow, List.of(cup, pot), FRESH);
    connected(FRESH, cup);
    for (int i = 0; i < 10; i++) {
      ledger.deduct(cup, 1);
      ledger.deduct(pot, 1);
      node.settle();
      assertThat(client.values).containsEntry("CUP", value(cup));
    }
    assertThat(slow.frames).isEmpty();
    slow.reads = true;
    slow.read(2);
    node.settle();

    assertThat(slow.values).containsEntry("CUP", value(cup)).containsEntry("POT", value(pot));
    assertThat(kinds(slow)).containsExactly("Snapshot", "Snapshot", "Change", "Change");
  }

  @Test
  void a_client_that_does_not_read_is_slow_then_has_no_health_and_is_cut() {
    Client slow = new Client(1);
    slow.reads = false;
    List<Long> scores = new ArrayList<>();
    node.counts.tellHealth(scores::add);
    node.connect(slow, List.of(cup), FRESH);
    node.settle();
    node.tick(Node.LIMITS.slowAfter());
    assertThat(node.counts.stalls()).isEqualTo(1);
    node.tick(Duration.ofSeconds(10));
    assertThat(scores).last().isEqualTo(0L);
    assertThat(slow.closed).isFalse();
    node.tick(Duration.ofSeconds(3));

    assertThat(slow.closed).isTrue();
    assertThat(node.counts.ends(StreamEnd.TOO_SLOW)).isEqualTo(1);
    assertThat(node.hub.streams()).isEmpty();
  }

  @Test
  void a_slow_client_is_flushed_less_often() {
    Client slow = new Client(1);
    slow.reads = false;
    node.connect(slow, List.of(cup), FRESH);
    node.settle();
    node.tick(Node.LIMITS.slowAfter());
    slow.reads = true;
    slow.read(1);
    ledger.deduct(cup, 1);
    node.settle();
    assertThat(slow.frames).hasSize(1);
    node.tick(Duration.ofSeconds(1));
    node.tick(FLUSH);

    assertThat(slow.frames).hasSizeGreaterThan(1);
  }

  @Test
  void a_client_that_says_nothing_is_probed_and_marked_and_cut() {
    client.speaks = true;
    connected(FRESH, cup);
    Duration interval = Node.LIMITS.heartbeat();
    node.tick(interval);
    assertThat(client.probes).isEqualTo(1);
    node.tick(interval.dividedBy(2));
    assertThat(client.probes).isEqualTo(1);
    node.tick(interval.dividedBy(2));
    assertThat(client.probes).isEqualTo(2);
    assertThat(client.closed).isFalse();
    node.tick(interval);

    assertThat(client.closed).isTrue();
    assertThat(node.counts.ends(StreamEnd.SILENT)).isEqualTo(1);
  }

  @Test
  void a_client_that_answers_is_not_cut() {
    client.speaks = true;
    connected(FRESH, cup);
    for (int i = 0; i < 10; i++) {
      node.tick(Node.LIMITS.heartbeat());
      node.hub.answeredProbe(client.stream(), 1_000_000);
    }

    assertThat(client.closed).isFalse();
    assertThat(client.probes).isEqualTo(10);
  }

  @Test
  void an_item_that_nobody_watches_is_forgotten_after_a_while_and_not_before() {
    connected(FRESH, cup);
    node.hub.gone(client.stream(), StreamEnd.CLIENT);
    node.tick(Node.LIMITS.forgetAfter().minusMillis(1));
    connected(FRESH, cup);
    assertThat(ledger.finds()).isEqualTo(1);
    node.hub.gone(client.stream(), StreamEnd.CLIENT);
    node.tick(Node.LIMITS.forgetAfter());
    connected(FRESH, cup);

    assertThat(ledger.finds()).isEqualTo(2);
  }

  @Test
  void an_item_that_is_watched_no_more_is_not_told_of() {
    connected(FRESH, cup, pot);
    node.hub.unsubscribe(client.stream(), List.of(cup));
    client.frames.clear();
    ledger.deduct(cup, 1);
    ledger.deduct(pot, 1);
    node.settle();

    assertThat(kinds(client)).containsExactly("Change");
    assertThat(client.values).containsEntry("POT", value(pot));
  }

  @Test
  void items_that_are_asked_for_later_are_told_without_moving_the_position_back() {
    connected(FRESH, cup);
    ledger.deduct(cup, 1);
    node.settle();
    node.hub.subscribe(client.stream(), List.of(cup, pot), FRESH);
    client.frames.clear();
    node.settle();

    assertThat(client.frames.getFirst()).isInstanceOf(Snapshot.class);
    assertThat(kinds(client)).containsExactly("Snapshot", "Heartbeat");
    assertThat(client.values.keySet()).containsExactlyInAnyOrder("CUP", "POT");
  }

  @Test
  void a_client_that_is_sent_elsewhere_has_everything_up_to_the_position_that_is_signed() {
    connected(FRESH, cup, pot);
    ledger.deduct(cup, 1);
    node.read(1);
    List<Map.Entry<List<StockItemId>, Long>> signed = new ArrayList<>();
    node.hub.redirect(
        client.stream(),
        (items, position) -> {
          signed.add(Map.entry(List.copyOf(items), position));
          return new Redirect("token", 15_000);
        });

    assertThat(signed).containsExactly(Map.entry(List.of(cup, pot), 3L));
    assertThat(client.values).containsEntry("CUP", value(cup));
    assertThat(client.frames.getLast()).isEqualTo(new Redirect("token", 15_000));
    assertThat(client.closed).isTrue();
    assertThat(node.counts.ends(StreamEnd.DRAINED)).isEqualTo(1);
  }

  @Test
  void a_client_that_has_not_read_all_is_sent_elsewhere_behind_it() {
    Client slow = new Client(1);
    slow.reads = false;
    node.connect(slow, List.of(cup), FRESH);
    node.settle();
    node.hub.redirect(slow.stream(), (_, _) -> new Redirect("token", 15_000));
    slow.read(2);

    assertThat(kinds(slow)).containsExactly("Snapshot", "Redirect");
  }
}
