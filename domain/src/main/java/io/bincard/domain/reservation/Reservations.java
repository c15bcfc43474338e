package io.bincard.domain.reservation;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Amounts that are promised to holds, each until a time of whole milliseconds; from that time on
 * the promise has lapsed.
 *
 * <p>Immutable. A change copies the way to one of n promises, about log n nodes, and shares the
 * rest, so that a state with 100,000 open holds moves as fast as one with ten: a treap (R. Seidel,
 * C. Aragon, 1996) whose priorities are made of the hold and its time, so that equal contents have
 * equal shapes.
 */
public final class Reservations {

  /** Nothing is promised. */
  public static final Reservations NONE = new Reservations(null);

  private final @Nullable Node root;

  private Reservations(@Nullable Node root) {
    this.root = root;
  }

  /**
   * What one hold is promised.
   *
   * @param amount above 0
   */
  public record Reservation(HoldId hold, Instant until, long amount) {}

  /**
   * A promise and those before and after it.
   *
   * @param total of all of them
   * @param size how many they are
   */
  private record Node(
      long until,
      HoldId hold,
      long amount,
      @Nullable Node before,
      @Nullable Node after,
      long total,
      int size) {

    static Node of(
        long until, HoldId hold, long amount, @Nullable Node before, @Nullable Node after) {
      return new Node(
          until,
          hold,
          amount,
          before,
          after,
          Math.addExact(Math.addExact(totalOf(before), amount), totalOf(after)),
          sizeOf(before) + 1 + sizeOf(after));
    }

    Node with(@Nullable Node newBefore, @Nullable Node newAfter) {
      return of(until, hold, amount, newBefore, newAfter);
    }

    boolean isAbove(Node other) {
      return priority() > other.priority();
    }

    /** Of all bits, one after the other, for ids may be alike and a hold may stand here twice. */
    private long priority() {
      long high = mixed(hold.id().getMostSignificantBits());
      return mixed(mixed(high ^ hold.id().getLeastSignificantBits()) ^ until);
    }

    /** As by SplitMix64. */
    private static long mixed(long bits) {
      long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
      return mixed ^ (mixed >>> 31);
    }

    int compare(long otherUntil, HoldId otherHold) {
      int byTime = Long.compare(otherUntil, until);
      return byTime == 0 ? otherHold.compareTo(hold) : byTime;
    }
  }

  private static long totalOf(@Nullable Node node) {
    return node == null ? 0 : node.total();
  }

  private static int sizeOf(@Nullable Node node) {
    return node == null ? 0 : node.size();
  }

  public boolean isEmpty() {
    return root == null;
  }

  /** How many promises there are. */
  public int size() {
    return sizeOf(root);
  }

  /** All that is promised, lapsed or not. */
  public long total() {
    return totalOf(root);
  }

  /** What of {@link #total()} has lapsed at {@code now}. */
  public long lapsed(Instant now) {
    long millis = now.toEpochMilli();
    long lapsed = 0;
    Node node = root;
    while (node != null) {
      if (node.until() <= millis) {
        lapsed += totalOf(node.before()) + node.amount();
        node = node.after();
      } else {
        node = node.before();
      }
    }
    return lapsed;
  }

  /**
   * The holds whose promises lapsed first, as many as free {@code enough}.
   *
   * @param now those that are still kept are not among them
   * @param enough more than 0; all that have lapsed if they are less
   */
  public List<HoldId> lapsed(Instant now, long enough) {
    List<HoldId> holds = new ArrayList<>();
    long millis = now.toEpochMilli();
    takeLapsed(root, millis, enough, holds);
    return holds;
  }

  /** Returns what is still missing of {@code enough}. */
  private static long takeLapsed(
      @Nullable Node node, long millis, long enough, List<HoldId> holds) {
    if (node == null || enough <= 0) {
      return enough;
    }
    long missing = takeLapsed(node.before(), millis, enough, holds);
    if (missing <= 0 || node.until() > millis) {
      return missing;
    }
    holds.add(node.hold());
    return takeLapsed(node.after(), millis, missing - node.amount(), holds);
  }

  /**
   * With {@code amount} more for {@code hold} until {@code until}.
   *
   * @param amount above 0
   * @throws IllegalArgumentException if {@code amount} is not, or {@code until} is no time of whole
   *     milliseconds
   * @throws ArithmeticException if all of it is more than a {@code long}
   */
  public Reservations plus(HoldId hold, Instant until, long amount) {
    if (amount <= 0) {
      throw new IllegalArgumentException("nothing is promised with " + amount);
    }
    return new Reservations(plus(root, millis(until), hold, amount));
  }

  private static Node plus(@Nullable Node node, long until, HoldId hold, long amount) {
    if (node == null) {
      return Node.of(until, hold, amount, null, null);
    }
    int side = node.compare(until, hold);
    if (side == 0) {
      return Node.of(
          until, hold, Math.addExact(node.amount(), amount), node.before(), node.after());
    }
    if (side < 0) {
      Node before = plus(node.before(), until, hold, amount);
      return before.isAbove(node)
          ? before.with(before.before(), node.with(before.after(), node.after()))
          : node.with(before, node.after());
    }
    Node after = plus(node.after(), until, hold, amount);
    return after.isAbove(node)
        ? after.with(node.with(node.before(), after.before()), after.after())
        : node.with(node.before(), after);
  }

  /**
   * With {@code amount} less for {@code hold} until {@code until}.
   *
   * @param amount above 0
   * @throws IllegalArgumentException if {@code amount} is not
   * @throws IllegalStateException if less is promised to it until then
   */
  public Reservations minus(HoldId hold, Instant until, long amount) {
    if (amount <= 0) {
      throw new IllegalArgumentException("nothing is taken back with " + amount);
    }
    return new Reservations(minus(root, millis(until), hold, amount));
  }

  private static @Nullable Node minus(@Nullable Node node, long until, HoldId hold, long amount) {
    int side = node == null ? 0 : node.compare(until, hold);
    if (node == null || (side == 0 && node.amount() < amount)) {
      throw new IllegalStateException(
          "hold "
              + hold
              + " is promised "
              + (node == null ? 0 : node.amount())
              + " until then, not "
              + amount);
    }
    if (side < 0) {
      return node.with(minus(node.before(), until, hold, amount), node.after());
    }
    if (side > 0) {
      return node.with(node.before(), minus(node.after(), until, hold, amount));
    }
    return node.amount() == amount
        ? joined(node.before(), node.after())
        : Node.of(until, hold, node.amount() - amount, node.before(), node.after());
  }

  private static @Nullable Node joined(@Nullable Node before, @Nullable Node after) {
    if (before == null || after == null) {
      return before == null ? after : before;
    }
    return before.isAbove(after)
        ? before.with(before.before(), joined(before.after(), after))
        : after.with(joined(before, after.before()), after.after());
  }

  private static long millis(Instant until) {
    if (!until.equals(until.truncatedTo(ChronoUnit.MILLIS))) {
      throw new IllegalArgumentException(
          "a promise ends at a time of whole milliseconds: " + until);
    }
    return until.toEpochMilli();
  }

  /** Calls {@code visitor} with each promise, the first to lapse first. */
  public void forEach(Consumer<Reservation> visitor) {
    forEach(root, visitor);
  }

  private static void forEach(@Nullable Node node, Consumer<Reservation> visitor) {
    if (node != null) {
      forEach(node.before(), visitor);
      visitor.accept(
          new Reservation(node.hold(), Instant.ofEpochMilli(node.until()), node.amount()));
      forEach(node.after(), visitor);
    }
  }

  /** At most {@code most} promises, the first to lapse first. */
  public List<Reservation> first(int most) {
    List<Reservation> first = new ArrayList<>(Math.min(most, size()));
    takeFirst(root, most, first);
    return first;
  }

  private static void takeFirst(@Nullable Node node, int most, List<Reservation> first) {
    if (node != null && first.size() < most) {
      takeFirst(node.before(), most, first);
      if (first.size() < most) {
        first.add(new Reservation(node.hold(), Instant.ofEpochMilli(node.until()), node.amount()));
        takeFirst(node.after(), most, first);
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Reservations that && Objects.equals(root, that.root);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(root);
  }

  /** For errors: how many promises of how much. */
  @Override
  public String toString() {
    return total() + " in " + size();
  }
}
