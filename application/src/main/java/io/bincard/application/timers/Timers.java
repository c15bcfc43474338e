package io.bincard.application.timers;

import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.support.CronExpression;

/**
 * Tasks with names, each at its time by the ledger's clock, in the node that leads. A task never
 * runs beside itself and waits for no other. Where the node does not lead, a task of a cron
 * expression is passed over, and one that is to run once waits until it does. A cron task that is
 * late by many times runs once.
 *
 * <p>One that fails is tried again after a pause that grows, a cron task at its next time if that
 * comes first. After so many failures in a row its breaker is open: nothing but the pauses counts
 * then, until a try goes well.
 */
public final class Timers implements SmartLifecycle, CommitListener {

  /** After the writer, so that it stops before it. */
  private static final int PHASE = 1;

  private static final int MOST_TIMERS = 1_000;
  private static final int MOST_AT_ONCE = 100_000;
  private static final Duration LAST_RUNS = Duration.ofSeconds(5);
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

  private final TimerProperties limits;
  private final InstantSource clock;
  private final BooleanSupplier leads;
  private final MeterRegistry meters;
  private final Alarm alarm;

  // Guarded by this
  private final Map<String, Scheduled> scheduled = new TreeMap<>();
  private final Map<String, Agenda<?>> agendas = new TreeMap<>();
  private final List<Thread> running = new ArrayList<>();
  private boolean started;

  /**
   * @param leads whether this node leads for certain
   */
  public Timers(
      TimerProperties limits, InstantSource clock, BooleanSupplier leads, MeterRegistry meters) {
    this.limits = limits;
    this.clock = clock;
    this.leads = leads;
    this.meters = meters;
    this.alarm = new Alarm("ledger-timers", clock, limits.lookEvery(), this::untilNext);
  }

  /**
   * Runs {@code task} once, at {@code at} or as soon after it as this node leads.
   *
   * @param name letters a-z, digits and hyphens; no other live timer has it
   * @throws IllegalArgumentException if a live timer has the name, or it is none
   */
  public Timer at(String name, Instant at, Timer.Task task) {
    return add(name, Timer.Kind.AT, at, _ -> null, task);
  }

  /**
   * Runs {@code task} once, {@code delay} from now.
   *
   * @throws IllegalArgumentException if a live timer has the name, or it is none
   */
  public Timer after(String name, Duration delay, Timer.Task task) {
    return at(name, clock.instant().plus(delay), task);
  }

  /**
   * Runs {@code task} at the times that {@code times} names by the clocks of {@code zone}.
   *
   * @throws IllegalArgumentException if a live timer has the name, it is none, or there is no such
   *     time
   */
  public Timer cron(String name, CronExpression times, ZoneId zone, Timer.Task task) {
    Schedule schedule =
        after -> {
          ZonedDateTime next = times.next(after.atZone(zone));
          return next == null ? null : next.toInstant();
        };
    Instant first = schedule.next(clock.instant());
    if (first == null) {
      throw new IllegalArgumentException(times + " names no time to come");
    }
    return add(name, Timer.Kind.CRON, first, schedule, task);
  }

  /**
   * An agenda, for as long as these timers.
   *
   * @param most keys that are handed over at once, 1 to 100,000
   * @throws IllegalArgumentException if a live timer has the name, or it is none
   */
  public synchronized <K> Agenda<K> agenda(String name, int most, Agenda.Handler<K> handler) {
    requireFree(name);
    if (most < 1 || most > MOST_AT_ONCE) {
      throw new IllegalArgumentException(
          "an agenda hands over 1 to " + MOST_AT_ONCE + " keys at once, not " + most);
    }
    Agenda<K> agenda = new Agenda<>(name, clock, leads, limits, meters, most, handler);
    agendas.put(name, agenda);
    if (started) {
      agenda.start();
    }
    return agenda;
  }

  private synchronized Timer add(
      String name, Timer.Kind kind, Instant at, Schedule schedule, Timer.Task task) {
    requireFree(name);
    if (scheduled.size() >= MOST_TIMERS) {
      throw new IllegalStateException("there are " + MOST_TIMERS + " timers already");
    }
    Scheduled timer = new Scheduled(name, kind, at, schedule, task);
    scheduled.put(name, timer);
    alarm.wake();
    return timer;
  }

  private void requireFree(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not the name of a timer: " + name);
    }
    if (scheduled.containsKey(name) || agendas.containsKey(name)) {
      throw new IllegalArgumentException("there is a timer already that is called " + name);
    }
  }

  /** How it stands with all of them, by name. */
  public synchronized List<Timer.Status> status() {
    return Stream.concat(
            scheduled.values().stream().map(Scheduled::status),
            agendas.values().stream().map(Agenda::status))
        .sorted((one, other) -> one.name().compareTo(other.name()))
        .toList();
  }

  /**
   * Runs everything that is due now in the calling thread, earlier timers first, until nothing is:
   * for tests. Answers how many tasks and keys ran.
   */
  public int runDue() {
    int ran = 0;
    for (@Nullable Scheduled next = begin(); next != null; next = begin()) {
      next.run();
      ran++;
    }
    List<Agenda<?>> all;
    synchronized (this) {
      all = List.copyOf(agendas.values());
    }
    return ran + all.stream().mapToInt(Agenda::runDue).sum();
  }

  /** Starts what is due, each in a thread of its own; answers when there is more to do. */
  private @Nullable Instant untilNext() {
    for (@Nullable Scheduled next = begin(); next != null; next = begin()) {
      start(next);
    }
    synchronized (this) {
      Instant now = clock.instant();
      return scheduled.values().stream()
          .map(timer -> timer.comesAt(now))
          .filter(at -> at != null && at.isAfter(now)) // what is due waits for this node to lead
          .min(Comparator.naturalOrder())
          .orElse(null);
    }
  }

  private synchronized void start(Scheduled timer) {
    running.removeIf(thread -> !thread.isAlive());
    running.add(Thread.ofVirtual().name("timer-" + timer.name).start(timer::run));
  }

  /** The earliest timer that is due, which is the caller's to run now; {@code null} for none. */
  private synchronized @Nullable Scheduled begin() {
    Instant now = clock.instant();
    boolean leading = leads.getAsBoolean();
    Scheduled earliest = null;
    Instant earliestAt = Instant.MAX;
    for (Scheduled timer : scheduled.values()) {
      Instant at = timer.comesAt(now);
      if (at == null || at.isAfter(now)) {
        continue;
      }
      if (!leading) {
        timer.passOver(now);
      } else if (at.isBefore(earliestAt)) {
        earliest = timer;
        earliestAt = at;
      }
    }
    if (earliest != null) {
      earliest.begin(now);
    }
    return earliest;
  }

  @Override
  public void committed(Verdict verdict) {
    // a commit moves no timer
  }

  /** This node leads: what waits for that is due. */
  @Override
  public synchronized void takenOver() {
    alarm.wake();
    agendas.values().forEach(Agenda::wake);
  }

  @Override
  public synchronized void start() {
    if (!started) {
      started = true;
      alarm.start();
      agendas.values().forEach(Agenda::start);
    }
  }

  /** Begins nothing more; what runs has some seconds to end, and is interrupted then. */
  @Override
  public void stop() {
    List<Agenda<?>> all;
    synchronized (this) {
      if (!started) {
        return;
      }
      started = false;
      all = List.copyOf(agendas.values());
    }
    alarm.stop();
    all.forEach(Agenda::stop);
    List<Thread> last;
    synchronized (this) {
      last = List.copyOf(running);
    }
    try {
      for (Thread run : last) {
        if (!run.join(LAST_RUNS)) {
          run.interrupt();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return started;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  /** When a timer is due after an instant; {@code null} if it is not any more. */
  private interface Schedule {
    @Nullable Instant next(Instant after);
  }

  /** A timer of one task. Its fields are guarded by the timers. */
  private final class Scheduled implements Timer {
    private final String name;
    private final Schedule schedule;
    private final Task task;
    private final Runs record;

    /** When it is due; {@code null} while it runs for the last time, and when it is over. */
    private @Nullable Instant next;

    /** What was due that runs; {@code null} while nothing does. */
    private @Nullable Instant runs;

    Scheduled(String name, Kind kind, Instant at, Schedule schedule, Task task) {
      this.name = name;
      this.next = at;
      this.schedule = schedule;
      this.task = task;
      this.record = new Runs(name, kind, limits, meters, this::waiting);
    }

    /** When it may run next; {@code null} while it must not. */
    private @Nullable Instant comesAt(Instant now) {
      Instant closedOffUntil = record.closedOffUntil(now);
      return next == null || runs != null
          ? null
          : closedOffUntil != null && closedOffUntil.isAfter(next) ? closedOffUntil : next;
    }

    /** Another node leads: it is done with a time of an expression, and waits with any other. */
    private void passOver(Instant now) {
      Instant later = schedule.next(now);
      if (later != null) {
        next = later;
        record.isPassedOver();
      }
    }

    private void begin(Instant now) {
      runs = next;
      next = schedule.next(now);
    }

    private void run() {
      Instant begun = clock.instant();
      record.begins(Objects.requireNonNullElse(runs, begun), begun);
      Throwable cause = null;
      try {
        task.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        cause = e;
      } catch (Exception | Error e) {
        cause = e;
      }
      end(cause);
      alarm.wake();
    }

    private void end(@Nullable Throwable cause) {
      synchronized (Timers.this) {
        Instant due = runs;
        runs = null;
        if (cause == null) {
          record.succeeded();
        } else if (!leads.getAsBoolean()) {
          record.brokenOff(); // which says nothing of the task
          next = next == null ? due : next;
        } else {
          Instant again = record.failed(clock.instant(), cause);
          next = next == null || again.isBefore(next) ? again : next;
        }
        if (next == null) {
          cancel();
        }
      }
    }

    private int waiting() {
      synchronized (Timers.this) {
        return next == null ? 0 : 1;
      }
    }

    @Override
    public boolean cancel() {
      synchronized (Timers.this) {
        next = null;
        boolean live = scheduled.remove(name, this);
        if (live) {
          record.close();
        }
        return live;
      }
    }

    @Override
    public boolean moveTo(Instant at) {
      synchronized (Timers.this) {
        boolean live = scheduled.get(name) == this;
        if (live) {
          next = at;
          alarm.wake();
        }
        return live;
      }
    }

    @Override
    public Status status() {
      synchronized (Timers.this) {
        Instant comes = comesAt(clock.instant());
        return record.status(comes == null ? next : comes, waiting());
      }
    }
  }
}
