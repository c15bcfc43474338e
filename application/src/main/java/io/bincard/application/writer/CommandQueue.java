package io.bincard.application.writer;

import io.bincard.application.receipts.CommandKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the writer: bounded by commands, from the moment they come until they are
 * answered. Many threads add, one takes.
 */
final class CommandQueue {

  /**
   * A group in the queue; {@code answer} is called once.
   *
   * @param alone whether it is a single command
   * @param forwarded whether another node sent it on
   * @param sequence what all groups that have to run in the order in which they came have in common
   */
  record Waiting(
      CommandGroup group,
      boolean alone,
      boolean forwarded,
      @Nullable Object sequence,
      Consumer<List<Answer>> answer) {
    int lines() {
      return group.lines().size();
    }

    /** The same, in no sequence any more, answered to {@code told}. */
    Waiting onItsOwn(Consumer<List<Answer>> told) {
      return new Waiting(group, alone, forwarded, null, told);
    }
  }

  private final int capacity;
  private final Semaphore room;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger lines = new AtomicInteger();
  private volatile int wakeAt = 1;
  private volatile @Nullable Thread asleep;

  CommandQueue(int capacity) {
    this.capacity = capacity;
    this.room = new Semaphore(capacity);
  }

  /** Commands that wait or run. */
  int size() {
    return capacity - room.availablePermits();
  }

  /**
   * Makes room for {@code lines} commands.
   *
   * @throws LedgerBusyException if there is none within {@code waitNanos}
   */
  void makeRoom(int lines, long waitNanos) throws InterruptedException {
    if (lines > capacity
        || !(waitNanos == 0
            ? room.tryAcquire(lines)
            : room.tryAcquire(lines, waitNanos, TimeUnit.NANOSECONDS))) {
      throw new LedgerBusyException(size());
    }
  }

  void giveRoomBack(int lines) {
    room.release(lines);
  }

  /** Adds what room was made for. */
  void add(Waiting group) {
    waiting.add(group);
    if (lines.addAndGet(group.lines()) >= wakeAt) {
      wake();
    }
  }

  /** Takes {@code group} back; says whether nobody else had taken it. */
  boolean remove(Waiting group) {
    boolean removed = waiting.remove(group);
    if (removed) {
      lines.addAndGet(-group.lines());
    }
    return removed;
  }

  /** Whether a command with {@code key} waits. */
  boolean holds(CommandKey key) {
    return waiting.stream()
        .flatMap(group -> group.group().lines().stream())
        .anyMatch(line -> key.equals(KeyedCommands.keyOf(line)));
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether at least {@code enough} commands wait. */
  boolean has(int enough) {
    return lines.get() >= enough;
  }

  /** Takes what waits until it has {@code enough} lines; the last group may bring it above that. */
  List<Waiting> take(int enough) {
    List<Waiting> taken = new ArrayList<>();
    int count = 0;
    while (count < enough) {
      Waiting next = waiting.poll();
      if (next == null) {
        break;
      }
      taken.add(next);
      count += next.lines();
    }
    lines.addAndGet(-count);
    return taken;
  }

  /**
   * The writer waits until {@code ready}, woken by {@link #wake} or when {@code enough} commands
   * wait, or the time is over.
   */
  void await(IntSupplier enough, BooleanSupplier ready, long nanos) {
    asleep = Thread.currentThread(); // first, so that what changes from here on wakes it
    wakeAt = enough.getAsInt();
    if (!ready.getAsBoolean()) {
      LockSupport.parkNanos(this, nanos);
    }
    asleep = null;
  }

  /** Something changed that the writer may wait for. */
  void wake() {
    Thread writer = asleep;
    if (writer != null) {
      LockSupport.unpark(writer);
    }
  }
}
