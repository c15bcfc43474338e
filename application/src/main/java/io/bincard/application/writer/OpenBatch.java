package io.bincard.application.writer;

import io.bincard.application.journal.JournalBatch;
import io.bincard.application.journal.JournalEngine;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The batch that the writer fills at the moment: where events go, and how to take them back. */
public final class OpenBatch implements JournalEngine.Appender {

  private record Filling(Thread writer, JournalBatch batch) {}

  private final Serializer serializer;
  private final List<LiveStates<?, ?>> states = new ArrayList<>();
  private final List<Runnable> undos = new ArrayList<>();
  private volatile @Nullable Filling filling;

  /**
   * @param serializer writes the events of every batch down
   */
  public OpenBatch(Serializer serializer) {
    this.serializer = serializer;
  }

  /** What goes into the journal behind {@code headBefore}, empty. */
  JournalBatch begin(long headBefore) {
    return new JournalBatch(headBefore, serializer);
  }

  /**
   * States that live and die with what is appended here.
   *
   * @param kind what they are of, as metrics tell it
   */
  public <K, S> LiveStates<K, S> states(
      String kind, LiveStates.Limits limits, LiveStates.Loader<K, S> loader, MeterRegistry meters) {
    LiveStates<K, S> added = new LiveStates<>(kind, limits, loader, this, meters);
    states.add(added);
    return added;
  }

  void open(JournalBatch batch) {
    filling = new Filling(Thread.currentThread(), batch);
  }

  /** The batch goes to be committed, and the one before it is committed. */
  void handOver() {
    filling = null;
    undos.clear();
    states.forEach(LiveStates::handOver);
  }

  /** Nothing is under commit any more. */
  void settle() {
    states.forEach(LiveStates::settle);
  }

  /** What was in memory is in doubt. */
  void forget() {
    filling = null;
    undos.clear();
    states.forEach(LiveStates::forget);
  }

  /** Has {@code undo} run if what is done now is taken back, the last one first. */
  public void onUndo(Runnable undo) {
    undos.add(undo);
  }

  /** A point to which {@link #rollBackTo} can return. */
  record Mark(JournalBatch.Mark batch, int undos) {}

  Mark mark() {
    return new Mark(filled().mark(), undos.size());
  }

  /** Takes back everything that happened since {@code mark}, the last first. */
  void rollBackTo(Mark mark) {
    filled().rollBackTo(mark.batch());
    List<Runnable> undone = undos.subList(mark.undos(), undos.size());
    undone.reversed().forEach(Runnable::run);
    undone.clear();
  }

  @Override
  public void append(List<? extends EventMessage<?>> events) {
    filled().addEvents(events);
  }

  private JournalBatch filled() {
    Filling now = filling;
    if (now == null || now.writer() != Thread.currentThread()) {
      throw new IllegalStateException(
          "only the writer appends to the journal; send a command instead");
    }
    return now.batch();
  }
}
