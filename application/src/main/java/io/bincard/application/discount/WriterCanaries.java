package io.bincard.application.discount;

import io.bincard.application.writer.OwnCommands;
import io.bincard.domain.register.Canaries;
import io.bincard.domain.register.PolicyCommand.UnstagePolicy;

/** Ends canaries through the writer, as a person would. */
public final class WriterCanaries implements Canaries {

  private final OwnCommands commands;

  public WriterCanaries(OwnCommands commands) {
    this.commands = commands;
  }

  @Override
  public boolean stop(String key) {
    return commands.send("unstage-policy", new UnstagePolicy(), key).isDone();
  }
}
