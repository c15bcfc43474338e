package io.bincard.application.writer;

import java.util.List;
import org.axonframework.commandhandling.CommandMessage;

/**
 * Commands that go through the writer together, in order and in one transaction. Sent as the
 * payload of a command of its own; the answer is a list of {@link Answer}, one a line.
 */
public record CommandGroup(List<CommandMessage<?>> lines, OnError onError) {
  public CommandGroup {
    lines = List.copyOf(lines);
  }
}
