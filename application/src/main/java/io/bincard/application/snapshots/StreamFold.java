package io.bincard.application.snapshots;

import io.bincard.application.journal.JournalEngine;
import io.bincard.application.journal.StreamPart;
import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.snapshots.Snapshot.Stored;
import io.bincard.application.snapshots.Snapshots.Known;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The committed states of streams: the last snapshot of each, and the events that came after it.
 *
 * <p>A snapshot of another revision of the fold, or one that is damaged, is discarded and the
 * stream is read from its first event on; what comes out is the same. A stream that was read a long
 * way offers a snapshot of where it is now.
 */
public final class StreamFold<S> {

  private static final Logger logger = LoggerFactory.getLogger(StreamFold.class);

  private final JournalEngine journal;
  private final Snapshots snapshots;
  private final SnapshotKeeper keeper;
  private final Rules<S> rules;
  private final int every;
  private final Counter discarded;

  /** What the states are, and how they are written. */
  public interface Rules<S> {

    /** Of {@link #evolve}; another one when the same events lead to another state. */
    String revision();

    /** The state before the first event. */
    S unborn();

    /** The state after {@code event}. */
    S evolve(S state, Object event);

    /** The sequence of the last event of {@code state}, -1 before the first. */
    long sequence(S state);

    /** JSON, without the sequence. */
    String write(S state);

    /** How many parts there are to write, beyond a few. */
    default int parts(S state) {
      return 0;
    }

    /**
     * The state that {@code json} was written from.
     *
     * @throws RuntimeException if it cannot be one
     */
    S read(long sequence, String json);
  }

  /**
   * @param every how many events a stream may have behind its snapshot before it gets a new one; 0
   *     for never
   */
  public StreamFold(
      JournalEngine journal,
      Snapshots snapshots,
      SnapshotKeeper keeper,
      Rules<S> rules,
      int every,
      MeterRegistry meters) {
    this.journal = journal;
    this.snapshots = snapshots;
    this.keeper = keeper;
    this.rules = rules;
    this.every = every;
    this.discarded =
        Counter.builder("bincard.snapshots.discarded")
            .description("Opening balances of another fold or damaged, whose streams were replayed")
            .register(meters);
  }

  /** One stream while it is read. */
  private final class Reading {
    private final String stream;
    private final @Nullable Stored bad;
    private final StreamPart rest;
    private S state;

    Reading(Known known) {
      Stored stored = known.stored();
      S balance = stored == null ? null : read(stored);
      this.stream = known.stream();
      this.bad = balance == null ? stored : null;
      this.state = balance == null ? rules.unborn() : balance;
      this.rest =
          new StreamPart(
              stream,
              rules.sequence(state) + 1,
              balance == null || stored == null ? known.bornPosition() : stored.position());
    }

    void offerSnapshot() {
      long read = rules.sequence(state) + 1 - rest.firstSequence();
      if (every > 0 && (bad != null || read >= every)) {
        keeper.offer(snapshot(stream, state), bad);
      }
    }
  }

  /**
   * What was read.
   *
   * @param states of the streams that have events
   * @param unreadable those that have events and no state, and why
   */
  public record Folded<S>(
      Map<String, S> states, Map<String, UnreadableStreamException> unreadable) {}

  /** The state of each of {@code streams}. */
  public Folded<S> load(Collection<String> streams) {
    Map<String, Reading> readings = HashMap.newHashMap(streams.size());
    try {
      snapshots.find(streams).forEach(known -> readings.put(known.stream(), new Reading(known)));
    } catch (SQLException e) {
      throw new EventStoreException("the opening balances cannot be read: " + e.getMessage(), e);
    }
    warnOf(
        readings.values().stream().map(reading -> reading.bad).filter(bad -> bad != null).toList());
    Map<String, UnreadableStreamException> unreadable = new HashMap<>();
    journal.readStreams(
        readings.values().stream().map(reading -> reading.rest).toList(),
        new JournalEngine.Reader() {
          @Override
          public void read(String stream, Object event) {
            Reading reading = Objects.requireNonNull(readings.get(stream));
            reading.state = rules.evolve(reading.state, event);
          }

          @Override
          public void cannotRead(String stream, UnreadableStreamException cause) {
            readings.remove(stream);
            unreadable.put(stream, cause);
          }
        });
    Map<String, S> states = HashMap.newHashMap(readings.size());
    readings.forEach(
        (stream, reading) -> {
          states.put(stream, reading.state);
          reading.offerSnapshot();
        });
    return new Folded<>(states, unreadable);
  }

  /** The state that was stored; {@code null} if this fold cannot have come to it. */
  private @Nullable S read(Stored stored) {
    Snapshot snapshot = stored.snapshot();
    if (!snapshot.revision().equals(rules.revision()) || !stored.isWhole()) {
      return null;
    }
    try {
      return rules.read(snapshot.sequence(), snapshot.state());
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** One line a load: after a change of the fold, every snapshot there is comes by here. */
  private void warnOf(List<Stored> bad) {
    if (!bad.isEmpty()) {
      discarded.increment(bad.size());
      Snapshot first = bad.getFirst().snapshot();
      logger
          .atWarn()
          .addKeyValue("stream", first.stream())
          .addKeyValue("found", first.revision())
          .addKeyValue("expected", rules.revision())
          .addKeyValue("discarded", bad.size())
          .log(
              "Opening balances that are damaged or of another fold are discarded; their streams are"
                  + " replayed");
    }
  }

  /** A snapshot of {@code state}. */
  private Snapshot snapshot(String stream, S state) {
    return new Snapshot(stream, rules.sequence(state), rules.revision(), rules.write(state));
  }

  /** {@code stream} has moved from {@code before} to {@code after}, and that is committed. */
  public void committed(String stream, S before, S after) {
    // One that is long to write is written less often, so that an event never costs more.
    long interval = Math.max(every, rules.parts(after));
    if (every > 0
        && (rules.sequence(before) + 1) / interval < (rules.sequence(after) + 1) / interval) {
      keeper.offer(snapshot(stream, after));
    }
  }
}
