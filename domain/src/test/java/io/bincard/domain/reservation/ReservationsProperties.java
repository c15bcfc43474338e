package io.bincard.domain.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bincard.domain.reservation.Reservations.Reservation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is promised, beside a sorted map of it. */
class ReservationsProperties {

  private static final Instant START = Instant.parse("2026-12-01T12:00:00Z");

  private record Key(Instant until, HoldId hold) {}

  private static Map<Key, Long> copy(Map<Key, Long> model) {
    Map<Key, Long> copy = new TreeMap<>(Comparator.comparing(Key::until).thenComparing(Key::hold));
    copy.putAll(model);
    return copy;
  }

  /** Few ids and few times, so that they meet; some ids share all bits but one. */
  private static Key key(Random random) {
    return new Key(
        START.plusMillis(random.nextInt(8) - 4),
        new HoldId(new UUID(random.nextInt(3), random.nextInt(3))));
  }

  private record Step(Reservations reservations, Map<Key, Long> model) {}

  @Property(tries = 300)
  void are_what_a_sorted_map_of_them_is_at_every_step_and_afterwards(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int steps) {
    Random random = new Random(seed);
    Map<Key, Long> model = copy(Map.of());
    Reservations reservations = Reservations.NONE;
    List<Step> history = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      Key key = key(random);
      long amount = random.nextLong(1, 6);
      long held = model.getOrDefault(key, 0L);
      if (random.nextInt(5) < 3) {
        reservations = reservations.plus(key.hold(), key.until(), amount);
        model.merge(key, amount, Long::sum);
      } else if (held >= amount) {
        reservations = reservations.minus(key.hold(), key.until(), amount);
        model.merge(key, -amount, Long::sum);
        model.values().removeIf(left -> left == 0);
      } else {
        Reservations before = reservations;
        assertThatIllegalStateException()
            .isThrownBy(() -> before.minus(key.hold(), key.until(), amount))
            .withMessage(
                "hold " + key.hold() + " is promised " + held + " until then, not " + amount);
      }
      history.add(new Step(reservations, copy(model)));
    }

    history.forEach(step -> assertEqual(step.reservations(), step.model()));
  }

  private static void assertEqual(Reservations reservations, Map<Key, Long> model) {
    List<Reservation> all =
        model.entrySet().stream()
            .map(it -> new Reservation(it.getKey().hold(), it.getKey().until(), it.getValue()))
            .toList();
    List<Reservation> visited = new ArrayList<>();
    reservations.forEach(visited::add);

    assertThat(visited).isEqualTo(all);
    assertThat(reservations.size()).isEqualTo(all.size());
    assertThat(reservations.isEmpty()).isEqualTo(all.isEmpty());
    assertThat(reservations.total()).isEqualTo(sum(all, it -> true));
    for (int most = 0; most <= all.size() + 1; most++) {
      assertThat(reservations.first(most)).isEqualTo(all.stream().limit(most).toList());
    }
    for (int millis = -6; millis < 6; millis++) {
      Instant now = START.plusMillis(millis).plusNanos(millis % 2 == 0 ? 0 : 999_999);
      List<Reservation> lapsed = all.stream().filter(it -> !now.isBefore(it.until())).toList();
      assertThat(reservations.lapsed(now)).isEqualTo(sum(lapsed, it -> true));
      for (long enough = 1; enough < 12; enough++) {
        assertThat(reservations.lapsed(now, enough)).isEqualTo(first(lapsed, enough));
      }
    }
  }

  private static long sum(List<Reservation> reservations, Predicate<Reservation> which) {
    return reservations.stream().filter(which).mapToLong(Reservation::amount).sum();
  }

  private static List<HoldId> first(List<Reservation> lapsed, long enough) {
    List<HoldId> holds = new ArrayList<>();
    long missing = enough;
    for (Reservation reservation : lapsed) {
      if (missing > 0) {
        holds.add(reservation.hold());
        missing -= reservation.amount();
      }
    }
    return holds;
  }

  @Property(tries = 300)
  void are_equal_whatever_the_order_in_which_they_were_made(
      @ForAll long seed, @ForAll @IntRange(max = 40) int size) {
    Random random = new Random(seed);
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      keys.add(key(random));
    }
    List<Key> shuffled = new ArrayList<>(keys);
    Collections.shuffle(shuffled, random);
    Key gone = new Key(START, new HoldId(new UUID(7, 7)));
    Reservations detour = Reservations.NONE.plus(gone.hold(), gone.until(), 3);
    for (Key key : shuffled) {
      detour = detour.plus(key.hold(), key.until(), 2);
    }
    for (Key key : keys) {
      detour = detour.minus(key.hold(), key.until(), 1);
    }
    detour = detour.minus(gone.hold(), gone.until(), 3);
    Reservations straight = Reservations.NONE;
    for (Key key : keys) {
      straight = straight.plus(key.hold(), key.until(), 1);
    }

    assertThat(detour).isEqualTo(straight).hasSameHashCodeAs(straight);
    assertThat(straight.plus(gone.hold(), gone.until(), 1)).isNotEqualTo(straight);
  }
}
