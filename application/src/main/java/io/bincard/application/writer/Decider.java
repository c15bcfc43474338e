package io.bincard.application.writer;

import java.util.List;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.MessageHandler;

/**
 * A command handler that decides on states in the writer's memory. It runs in the writer's thread
 * without a unit of work of Axon's, which it has no use for: what it appends goes to the open batch
 * and is undone with it.
 */
public interface Decider extends MessageHandler<CommandMessage<?>> {

  /** Reads what {@code commands} will be decided on and is not in memory, at once. */
  void prepare(List<CommandMessage<?>> commands);

  /** Decides; appends the events of what it accepts. */
  Verdict decide(CommandMessage<?> command);

  @Override
  default Object handle(CommandMessage<?> command) {
    return decide(command);
  }
}
