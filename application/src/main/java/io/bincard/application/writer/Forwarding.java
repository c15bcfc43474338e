package io.bincard.application.writer;

import io.bincard.application.receipts.CommandKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The way of commands to the node that leads. */
public interface Forwarding {

  /**
   * Sends {@code group} to the leader and has its answers, one a line. Without any answer this node
   * leads by now, and the group is to be run here; that is safe also if it was sent before, for its
   * keys tell what became of it.
   *
   * <p>Fails in bounded time with {@link NotLeadingException} if no leader was found, with {@link
   * OutcomeUnknownException} if one was and its answer was lost, or with what the leader refused
   * the group with.
   *
   * @param alone whether this is a single command, which finds room in the queue at once or is
   *     refused
   * @param standing what this node is by now; one that goes down does not wait for a leader for
   *     long
   */
  CompletableFuture<List<Answer>> forward(
      CommandGroup group, boolean alone, Supplier<Standing> standing);

  /**
   * Asks the leader whether it has a command with {@code key} that it has not answered. Fails in
   * bounded time with {@link NotLeadingException} if no leader said.
   */
  CompletableFuture<Boolean> isUnderWay(CommandKey key);

  /** What a node is to the ledger. */
  enum Standing {
    LEADS,
    FOLLOWS,
    GOES_DOWN
  }
}
