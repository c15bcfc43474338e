package io.bincard.application.discount;

import io.bincard.application.journal.JournalEngine;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.register.PolicyEvent;
import io.bincard.domain.register.PolicyEvent.PolicyActivated;
import io.bincard.domain.register.PolicyEvent.PolicyRejected;
import io.bincard.domain.register.PolicyEvent.PolicyStaged;
import io.bincard.domain.register.PolicyEvent.PolicyUnstaged;
import io.bincard.domain.register.PolicyRegister;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * Which version of the policy was in force when, as the journal says it. What it knows is at most
 * {@code maxAge} old; in the node that leads it is as fresh as the last commit. Readers take no
 * lock, unless they are the ones who have to read on.
 */
public final class PolicyTimeline implements CommitListener {

  /** Refused versions that are remembered, the last ones; the journal has all. */
  static final int REJECTIONS_KEPT = 100;

  private final JournalEngine journal;
  private final long maxAgeNanos;
  private final ReentrantLock reading = new ReentrantLock();

  /** How often this node committed something on the register. */
  private final AtomicInteger commits = new AtomicInteger();

  private volatile Known latest;

  /** The last one, for those who wait for {@link #reading}. */
  private @Nullable Failure failure;

  /**
   * Something that happened to the register.
   *
   * @param version of the register after it
   * @param fingerprint of the version it is about, {@code null} if of none
   * @param hasContent whether its event has the content of that version
   * @param inForce the version in force from then on
   */
  record Moment(
      long version,
      Instant at,
      PolicyEvent event,
      @Nullable PolicyFingerprint fingerprint,
      boolean hasContent,
      @Nullable PolicyFingerprint inForce) {

    /** Of {@code event}, whose content is not kept. */
    static Moment of(DomainEventMessage<?> message, PolicyRegister after) {
      PolicyEvent event = (PolicyEvent) message.getPayload();
      PolicyFingerprint fingerprint = PolicyShelf.versionOf(event);
      boolean hasContent = fingerprint != null && PolicyShelf.contentOf(event, fingerprint) != null;
      return new Moment(
          after.version(),
          message.getTimestamp(),
          withoutContent(event),
          fingerprint,
          hasContent,
          after.inForce());
    }

    boolean isRejection() {
      return event instanceof PolicyRejected;
    }

    private static PolicyEvent withoutContent(PolicyEvent event) {
      return switch (event) {
        case PolicyActivated e -> new PolicyActivated(e.fingerprint(), e.predecessor(), null);
        case PolicyStaged e -> new PolicyStaged(e.fingerprint(), null);
        case PolicyUnstaged e -> e;
        case PolicyRejected e -> e;
      };
    }
  }

  /**
   * What is known of the register.
   *
   * @param readAt by {@link System#nanoTime}
   * @param commits of this node that are in it, at least
   */
  record Known(long readAt, int commits, List<Moment> moments, PolicyRegister now) {

    /** The version that was, or is to be, in force at {@code at}; {@code null} before the first. */
    @Nullable PolicyFingerprint inForceAt(Instant at) {
      int low = 0;
      int high = moments.size();
      while (low < high) { // times in the journal never fall
        int middle = (low + high) >>> 1;
        if (moments.get(middle).at().isAfter(at)) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low == 0 ? null : moments.get(low - 1).inForce();
    }
  }

  /**
   * A time when the journal could not be read.
   *
   * @param readAt by {@link System#nanoTime}
   */
  private record Failure(long readAt, RuntimeException cause) {}

  /**
   * Reads nothing yet.
   *
   * @param maxAge how old an answer may be
   */
  public PolicyTimeline(JournalEngine journal, Duration maxAge) {
    this.journal = journal;
    this.maxAgeNanos = maxAge.toNanos();
    this.latest =
        new Known(System.nanoTime() - maxAgeNanos - 1, 0, List.of(), PolicyRegister.EMPTY);
  }

  /** The register now. */
  public PolicyRegister now() {
    return fresh().now();
  }

  /** All that happened, the first first, and the register after it. */
  Known known() {
    return fresh();
  }

  /** The canonical form of the version {@code fingerprint}; empty if the ledger never had it. */
  public Optional<String> content(PolicyFingerprint fingerprint) {
    return fresh().moments().stream()
        .filter(moment -> moment.hasContent() && fingerprint.equals(moment.fingerprint()))
        .findFirst()
        .flatMap(moment -> journal.event(PolicyEvent.STREAM, moment.version()))
        .map(message -> PolicyShelf.contentOf((PolicyEvent) message.getPayload(), fingerprint));
  }

  private Known fresh() {
    long asked = System.nanoTime();
    int committed = commits.get();
    Known seen = latest;
    if (isFresh(seen, asked, committed)) {
      return seen;
    }
    reading.lock();
    try {
      // Whoever waited here takes what was read meanwhile, also that nothing could be.
      if (isFresh(latest, asked, committed)) {
        return latest;
      }
      if (failure != null && isRecent(failure.readAt(), asked)) {
        throw failure.cause();
      }
      long readAt = System.nanoTime();
      try {
        latest = readOn(latest);
        return latest;
      } catch (RuntimeException e) {
        failure = new Failure(readAt, e);
        throw e;
      }
    } finally {
      reading.unlock();
    }
  }

  private boolean isFresh(Known known, long asked, int committed) {
    return known.commits() - committed >= 0 && isRecent(known.readAt(), asked);
  }

  private boolean isRecent(long readAt, long asked) {
    return asked - readAt <= maxAgeNanos;
  }

  private Known readOn(Known seen) {
    long readAt = System.nanoTime();
    int committed = commits.get();
    Iterator<? extends DomainEventMessage<?>> events =
        journal.readEvents(PolicyEvent.STREAM, seen.now().version() + 1).asStream().iterator();
    if (!events.hasNext()) {
      return new Known(readAt, committed, seen.moments(), seen.now());
    }
    List<Moment> moments = new ArrayList<>(seen.moments());
    PolicyRegister register = seen.now();
    while (events.hasNext()) {
      DomainEventMessage<?> event = events.next();
      register = register.evolve((PolicyEvent) event.getPayload());
      moments.add(Moment.of(event, register));
    }
    return new Known(readAt, committed, withLastRejections(moments), register);
  }

  /** Rejections change nothing, and each may name many errors: only the last ones are kept. */
  private static List<Moment> withLastRejections(List<Moment> moments) {
    long rejections = moments.stream().filter(Moment::isRejection).count();
    List<Moment> kept = new ArrayList<>(moments.size());
    for (Moment moment : moments) {
      if (moment.isRejection() && rejections-- > REJECTIONS_KEPT) {
        continue;
      }
      kept.add(moment);
    }
    return List.copyOf(kept);
  }

  @Override
  public void committed(Verdict verdict) {
    if (verdict instanceof PolicyTaken) {
      commits.incrementAndGet();
    }
  }

  /** What another node committed before is to be known from the first command on. */
  @Override
  public void takenOver() {
    commits.incrementAndGet();
  }
}
