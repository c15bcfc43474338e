package io.bincard.application.faults;

import io.bincard.application.history.History.Extent;

/**
 * One way to break things, as often as it is asked to. It has a ledger of its own, starts what it
 * needs and ends it, whatever happens.
 */
public interface Fault {

  /** As in the list of faults: {@code F7}. */
  String name();

  /** What is done, in one line of the table. */
  String what();

  /** How often inside {@code mvn verify}; 0 if not there. */
  int shortRounds();

  /** How often in the long tier; 0 if it cannot be done yet. */
  int longRounds();

  /** What must have happened in {@code rounds} rounds; a run in which less did is void. */
  default Extent least(int rounds) {
    return new Extent(1_000, 50, 20);
  }

  /**
   * @throws Exception or an {@link AssertionError} if something happened that must not; what the
   *     checker finds is reported
   */
  FaultReport run(FaultRun run) throws Exception;
}
