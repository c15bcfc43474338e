package io.bincard.domain.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bincard.domain.InvalidValueException;
import java.lang.reflect.Field;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReservationsTest {

  private static final Instant UNTIL = Instant.parse("2026-12-01T12:00:00.123Z");
  private static final HoldId A = new HoldId(new UUID(0, 1));
  private static final HoldId B = new HoldId(new UUID(0, 2));

  @Test
  void a_promise_has_lapsed_at_the_millisecond_of_its_time_and_not_a_nanosecond_before() {
    Reservations one = Reservations.NONE.plus(A, UNTIL, 5);

    assertThat(one.lapsed(UNTIL)).isEqualTo(5);
    assertThat(one.lapsed(UNTIL, 1)).containsExactly(A);
    assertThat(one.lapsed(UNTIL.minusNanos(1))).isZero();
    assertThat(one.lapsed(UNTIL.minusNanos(1), 1)).isEmpty();
    assertThat(one.total()).isEqualTo(5);
  }

  @Test
  void as_many_lapsed_promises_are_named_as_free_enough_and_no_kept_one() {
    Reservations three =
        Reservations.NONE.plus(B, UNTIL, 2).plus(A, UNTIL, 3).plus(A, UNTIL.plusMillis(1), 9);

    assertThat(three.lapsed(UNTIL, 3)).containsExactly(A);
    assertThat(three.lapsed(UNTIL, 4)).containsExactly(A, B);
    assertThat(three.lapsed(UNTIL, 99)).containsExactly(A, B);
  }

  @Test
  void a_change_leaves_what_was_before_it_as_it_was() {
    Reservations before = Reservations.NONE.plus(A, UNTIL, 5);

    Reservations after = before.plus(A, UNTIL, 1).plus(B, UNTIL, 7).minus(A, UNTIL, 6);

    assertThat(before).isEqualTo(Reservations.NONE.plus(A, UNTIL, 5)).hasToString("5 in 1");
    assertThat(after).isEqualTo(Reservations.NONE.plus(B, UNTIL, 7)).hasToString("7 in 1");
    assertThat(after.minus(B, UNTIL, 7)).isEqualTo(Reservations.NONE).hasToString("0 in 0");
    assertThat(before.equals(null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void nothing_is_no_promise(long amount) {
    Reservations some = Reservations.NONE.plus(A, UNTIL, 5);

    assertThatIllegalArgumentException().isThrownBy(() -> some.plus(A, UNTIL, amount));
    assertThatIllegalArgumentException().isThrownBy(() -> some.minus(A, UNTIL, amount));
  }

  @Test
  void a_promise_ends_at_a_whole_millisecond() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Reservations.NONE.plus(A, UNTIL.plusNanos(1), 1))
        .withMessage(
            "a promise ends at a time of whole milliseconds: 2026-12-01T12:00:00.123000001Z");
  }

  @Test
  void all_of_it_is_no_more_than_a_long() {
    Reservations most = Reservations.NONE.plus(A, UNTIL, Long.MAX_VALUE);

    for (HoldId hold : List.of(A, B)) {
      for (long more : new long[] {1, Long.MAX_VALUE}) {
        assertThatExceptionOfType(ArithmeticException.class)
            .isThrownBy(() -> most.plus(hold, UNTIL, more));
      }
    }
  }

  private record Ids(String what, IntFunction<UUID> id, IntToLongFunction millis) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Ids> ids() {
    Random random = new Random(20_261_201);
    return Stream.of(
        new Ids("random", i -> new UUID(random.nextLong(), random.nextLong()), i -> i % 977),
        new Ids("ascending times", i -> new UUID(random.nextLong(), random.nextLong()), i -> i),
        new Ids("counted", i -> new UUID(0, i), i -> i),
        new Ids("counted in the high bits", i -> new UUID((long) i << 32, 7), i -> -i),
        new Ids("both halves alike", i -> new UUID(i, i), i -> i),
        new Ids("one hold at many times", i -> A.id(), i -> i));
  }

  /** 100,000 have 17 levels at the least; of random priorities about 40 and hardly ever 60. */
  @ParameterizedTest
  @MethodSource("ids")
  void the_way_to_one_of_100_000_is_short(Ids ids) throws Exception {
    Reservations all = Reservations.NONE;
    for (int i = 0; i < 100_000; i++) {
      all =
          all.plus(new HoldId(ids.id().apply(i)), UNTIL.plusMillis(ids.millis().applyAsLong(i)), 1);
    }

    assertThat(all.size()).isEqualTo(100_000);
    assertThat(levels(all)).isBetween(17, 60);
  }

  private record Visit(Object node, int level) {}

  private static int levels(Reservations reservations) throws ReflectiveOperationException {
    int levels = 0;
    Deque<Visit> left = new ArrayDeque<>(List.of(new Visit(reservations, 0)));
    for (Visit visit = left.poll(); visit != null; visit = left.poll()) {
      levels = Math.max(levels, visit.level());
      for (String name : visit.level() == 0 ? List.of("root") : List.of("before", "after")) {
        Object next = field(visit.node(), name);
        if (next != null) {
          left.add(new Visit(next, visit.level() + 1));
        }
      }
    }
    return levels;
  }

  private static @Nullable Object field(Object of, String name)
      throws ReflectiveOperationException {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }

  // Ids

  @Test
  void a_hold_is_known_by_its_stream() {
    HoldId id = HoldId.of("01890a5d-ac96-774b-bcce-b302099a8057");

    assertThat(id.stream()).isEqualTo("hold:01890a5d-ac96-774b-bcce-b302099a8057");
    assertThat(id).hasToString(id.value()).isEqualTo(HoldId.of(id.value())).isGreaterThan(A);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hold",
        "1-1-1-1-1",
        "01890A5D-AC96-774B-BCCE-B302099A8057",
        " 01890a5d-ac96-774b-bcce-b302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a80570"
      })
  void refuses_what_is_no_id(String value) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> HoldId.of(value))
        .withMessage(
            "a hold's id is a UUID: 36 characters, digits and lower-case letters a-f with hyphens");
  }
}
