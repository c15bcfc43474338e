package io.bincard.application.timers;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Very many keys of one kind, each with the instant at which it is due, and one alarm for all. In
 * the node that leads it hands those that are due to a {@link Handler}, the earliest first and so
 * many at once at most; what is due beyond that waits until the handler is back. A key leaves when
 * it was handled, unless it was set again meanwhile: then it stays as it was set.
 *
 * <p>When the handler throws, its keys are handed to it one by one. One that fails alone comes
 * again after a pause of its own, which grows, and holds up no other. If many fail one after the
 * other, the breaker opens, and nothing but one key at a time is tried until one goes well.
 *
 * <p>The keys are in a binary heap in which each knows its place, beside a hash map. So a key that
 * moves or goes, as most do before they are due, leaves nothing behind, and the next instant is
 * known exactly. Among 100,000 keys one is removed and set again some 1.4 million times a second,
 * three to five times as often as in a tree; a heap that deletes lazily is faster by two thirds,
 * but keeps what nobody waits for until it stops to clear up; and a wheel is no more precise than
 * its tick. A key takes about 90 bytes beside its own.
 *
 * <p>Thread-safe. Nobody waits here for the handler: changes are taken while it works.
 */
public final class Agenda<K> {

  /**
   * A key that is due.
   *
   * @param at as it was set, but between 1970 and 2262, which is as far as it is kept exactly
   */
  public record Due<K>(K key, Instant at) {}

  /** What is done with keys that are due. */
  public interface Handler<K> {

    /**
     * Handles {@code due}, the earliest first. If this throws, none of them counts as handled.
     * Called by one thread at a time; it may be given a key twice.
     */
    void handle(List<Due<K>> due) throws Exception;
  }

  /**
   * What a handler throws that cannot work now, whatever the keys are: nothing is handed over for a
   * pause, and it counts as no failure of theirs.
   */
  public static final class NotNowException extends Exception {
    public NotNowException(@Nullable String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A key in the heap, or in the handler's hands. */
  private static final class Entry<K> {
    final K key;
    final long due;

    /** When it is handed over next: its time, or after a pause. Both in nanoseconds since 1970. */
    long at;

    int index;
    int failures;

    Entry(K key, Instant due) {
      this.key = key;
      this.due = nanos(due);
      this.at = this.due;
    }

    Instant dueAt() {
      return Instant.EPOCH.plusNanos(due);
    }
  }

  private static final Instant NEVER = Instant.EPOCH.plusNanos(Long.MAX_VALUE);

  private static final int FIRST_SIZE = 64;
  private static final int NOWHERE = -1;

  private final String name;
  private final InstantSource clock;
  private final BooleanSupplier leads;
  private final TimerProperties limits;
  private final int most;
  private final Handler<K> handler;
  private final Runs runs;
  private final Alarm alarm;

  /** Held while keys are handed over. */
  private final ReentrantLock turn = new ReentrantLock();

  /** After a handler that could not work; written by whoever has the turn. */
  private volatile Instant restsUntil = Instant.MIN;

  private final Object lock = new Object();

  // Guarded by lock
  private Map<K, Entry<K>> entries = new HashMap<>();
  private @Nullable Entry<K>[] heap = heapOf(FIRST_SIZE);
  private int size;

  /** Made by {@link Timers#agenda}. */
  Agenda(
      String name,
      InstantSource clock,
      BooleanSupplier leads,
      TimerProperties limits,
      MeterRegistry meters,
      int most,
      Handler<K> handler) {
    this.name = name;
    this.clock = clock;
    this.leads = leads;
    this.limits = limits;
    this.most = most;
    this.handler = handler;
    this.runs = new Runs(name, Timer.Kind.AGENDA, limits, meters, this::size);
    this.alarm = new Alarm("agenda-" + name, clock, limits.lookEvery(), this::untilNext);
  }

  /** {@code key} is due at {@code at}, and no longer when it was before. */
  public void set(K key, Instant at) {
    Entry<K> entry = new Entry<>(key, at);
    boolean first;
    synchronized (lock) {
      Entry<K> before = entries.put(key, entry);
      if (before != null) {
        takeOut(before);
      }
      putIn(entry);
      first = entry.index == 0;
    }
    if (first) {
      alarm.wake();
    }
  }

  /** {@code key} is due no more; {@code false} if it was not. */
  public boolean remove(K key) {
    synchronized (lock) {
      Entry<K> before = entries.remove(key);
      if (before == null) {
        return false;
      }
      takeOut(before);
      return true;
    }
  }

  /** Nothing is due any more. */
  public void clear() {
    synchronized (lock) {
      entries = new HashMap<>();
      heap = heapOf(FIRST_SIZE);
      size = 0;
    }
  }

  /** How many keys there are, those included that the handler has at this moment. */
  public int size() {
    synchronized (lock) {
      return entries.size();
    }
  }

  /** When there is something to hand over next; {@code null} for an empty agenda. */
  public @Nullable Instant next() {
    synchronized (lock) {
      Entry<K> first = heap[0];
      return first == null ? null : Instant.EPOCH.plusNanos(first.at);
    }
  }

  /** How it stands. */
  public Timer.Status status() {
    return runs.status(next(), size());
  }

  String name() {
    return name;
  }

  void start() {
    alarm.start();
  }

  void stop() {
    alarm.stop();
  }

  void wake() {
    alarm.wake();
  }

  private @Nullable Instant untilNext() {
    runDue();
    Instant closedUntil = closedUntil();
    return closedUntil != null ? closedUntil : leads.getAsBoolean() ? next() : null;
  }

  /** Hands over everything that is due, in the calling thread; how many keys that were. */
  int runDue() {
    turn.lock();
    try {
      int handed = 0;
      while (mayRun()) {
        List<Entry<K>> due = takeDue();
        if (due.isEmpty()) {
          break;
        }
        handed += due.size();
        hand(due);
      }
      return handed;
    } finally {
      turn.unlock();
    }
  }

  private boolean mayRun() {
    return !alarm.isStopping() && leads.getAsBoolean() && closedUntil() == null;
  }

  /** The earliest of what is due; one alone while it is not known whether it goes well. */
  private List<Entry<K>> takeDue() {
    Instant now = clock.instant();
    long until = nanos(now);
    int atOnce = runs.isOpen() ? 1 : most;
    List<Entry<K>> due = new ArrayList<>();
    synchronized (lock) {
      for (Entry<K> first = heap[0];
          first != null && first.at <= until && due.size() < atOnce;
          first = heap[0]) {
        takeOut(first);
        due.add(first);
      }
    }
    return due;
  }

  private void hand(List<Entry<K>> due) {
    Instant now = clock.instant();
    runs.begins(due.getFirst().dueAt(), now);
    due.stream().skip(1).forEach(entry -> runs.late(entry.dueAt(), now));
    Throwable cause = failureOf(due);
    if (cause == null) {
      runs.succeeded();
      areHandled(due);
    } else if (isBrokenOff()) {
      runs.brokenOff();
      comeAgain(due);
    } else if (cause instanceof NotNowException) {
      rest(due);
    } else if (due.size() == 1) {
      failedAlone(due.getFirst(), cause);
    } else {
      runs.failed(clock.instant(), cause);
      handOneByOne(due);
    }
  }

  private void handOneByOne(List<Entry<K>> due) {
    for (int i = 0; i < due.size(); i++) {
      if (!mayRun()) {
        comeAgain(due.subList(i, due.size()));
        return;
      }
      Entry<K> one = due.get(i);
      Throwable cause = failureOf(List.of(one));
      if (cause == null) {
        runs.succeeded();
        areHandled(List.of(one));
      } else if (isBrokenOff()) {
        comeAgain(List.of(one));
      } else if (cause instanceof NotNowException) {
        rest(due.subList(i, due.size()));
        return;
      } else {
        failedAlone(one, cause);
      }
    }
  }

  /** Whether a failure says nothing about the keys: the node goes down or leads no more. */
  private boolean isBrokenOff() {
    return alarm.isStopping() || !leads.getAsBoolean();
  }

  private @Nullable Throwable failureOf(List<Entry<K>> due) {
    try {
      handler.handle(due.stream().map(entry -> new Due<>(entry.key, entry.dueAt())).toList());
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    } catch (Exception | Error e) {
      return e;
    }
  }

  /** A key that has failed before says nothing of the others when it does so again. */
  private void failedAlone(Entry<K> entry, Throwable cause) {
    Instant now = clock.instant();
    if (entry.failures == 0 || runs.isHalfOpen()) {
      runs.failed(now, cause);
    } else {
      runs.failedAgain(cause);
    }
    entry.failures++;
    entry.at = nanos(now.plus(Runs.pause(limits, entry.failures)));
    comeAgain(List.of(entry));
  }

  private void rest(List<Entry<K>> due) {
    restsUntil = clock.instant().plus(Runs.pause(limits, 1));
    runs.brokenOff();
    comeAgain(due);
  }

  /** Until when nothing is handed over; {@code null} if it is now. */
  private @Nullable Instant closedUntil() {
    Instant now = clock.instant();
    Instant closedOff = runs.closedOffUntil(now);
    return closedOff == null && now.isBefore(restsUntil) ? restsUntil : closedOff;
  }

  private void areHandled(List<Entry<K>> handled) {
    synchronized (lock) {
      handled.forEach(entry -> entries.remove(entry.key, entry));
    }
  }

  /** Puts back those that were not set otherwise or removed meanwhile. */
  private void comeAgain(List<Entry<K>> back) {
    synchronized (lock) {
      for (Entry<K> entry : back) {
        if (entries.get(entry.key) == entry) {
          putIn(entry);
        }
      }
    }
  }

  // The heap

  private void putIn(Entry<K> entry) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    up(size++, entry);
  }

  private void takeOut(Entry<K> entry) {
    int index = entry.index;
    if (index == NOWHERE) {
      return;
    }
    entry.index = NOWHERE;
    Entry<K> last = heap[--size];
    heap[size] = null;
    if (last != null && last != entry) {
      if (last.at < entry.at) {
        up(index, last);
      } else {
        down(index, last);
      }
    }
  }

  private void up(int from, Entry<K> entry) {
    int index = from;
    while (index > 0) {
      int above = (index - 1) / 2;
      Entry<K> parent = heap[above];
      if (parent == null || parent.at <= entry.at) {
        break;
      }
      place(index, parent);
      index = above;
    }
    place(index, entry);
  }

  private void down(int from, Entry<K> entry) {
    int index = from;
    while (true) {
      int below = 2 * index + 1;
      Entry<K> child = below < size ? heap[below] : null;
      Entry<K> other = below + 1 < size ? heap[below + 1] : null;
      if (child != null && other != null && other.at < child.at) {
        child = other;
        below++;
      }
      if (child == null || child.at >= entry.at) {
        break;
      }
      place(index, child);
      index = below;
    }
    place(index, entry);
  }

  private void place(int index, Entry<K> entry) {
    heap[index] = entry;
    entry.index = index;
  }

  private static long nanos(Instant at) {
    return at.isBefore(NEVER)
        ? at.isAfter(Instant.EPOCH) ? ChronoUnit.NANOS.between(Instant.EPOCH, at) : 0
        : Long.MAX_VALUE;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of generics cannot be made otherwise
  private static <K> @Nullable Entry<K>[] heapOf(int size) {
    return new Entry[size];
  }
}
