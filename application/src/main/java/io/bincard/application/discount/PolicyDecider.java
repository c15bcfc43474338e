package io.bincard.application.discount;

import io.bincard.application.books.Books;
import io.bincard.application.books.Posting;
import io.bincard.application.problems.DiscountProblems;
import io.bincard.application.writer.Decider;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.OpenBatch;
import io.bincard.application.writer.Refused;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.Decision;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.register.PolicyCommand;
import io.bincard.domain.register.PolicyEvent;
import io.bincard.domain.register.PolicyRegister;
import io.bincard.domain.register.PolicyRejection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.jspecify.annotations.Nullable;

/** The shell around {@link PolicyRegister}, of which a ledger has one. */
public final class PolicyDecider implements Decider {

  private final Books books;
  private final PolicyShelf shelf;
  private final OpenBatch batch;

  /** The versions that orders are priced by; one that came a moment ago is in no journal yet. */
  private final Map<PolicyFingerprint, PolicyVersion> ready = new HashMap<>();

  public PolicyDecider(Books books, PolicyShelf shelf, OpenBatch batch) {
    this.books = books;
    this.shelf = shelf;
    this.batch = batch;
  }

  /** Lets every command on the register come here. */
  public PolicyDecider subscribe(CommandBus bus) {
    for (Class<?> command : PolicyCommand.class.getPermittedSubclasses()) {
      bus.subscribe(command.getName(), this);
    }
    return this;
  }

  /**
   * The version that orders of {@code stage} are priced by in the open batch, {@code null} before
   * the first; for the writer's thread alone.
   */
  public @Nullable PolicyVersion version(ReleaseStage stage) {
    PolicyFingerprint fingerprint = register().versionFor(stage);
    return fingerprint == null ? null : ready.computeIfAbsent(fingerprint, shelf::get);
  }

  private PolicyRegister register() {
    return books.register().get(PolicyEvent.STREAM);
  }

  /** Makes a new version ready, and forgets those that nothing is priced by any more. */
  private void makeReady(PolicyEvent event, PolicyRegister after) {
    Map<PolicyFingerprint, PolicyVersion> before = Map.copyOf(ready);
    batch.onUndo(
        () -> {
          ready.clear();
          ready.putAll(before);
        });
    PolicyFingerprint fingerprint = PolicyShelf.versionOf(event);
    String content = fingerprint == null ? null : PolicyShelf.contentOf(event, fingerprint);
    if (fingerprint != null && content != null) {
      ready.put(fingerprint, shelf.make(fingerprint, content));
    }
    ready.keySet().removeIf(each -> !each.equals(after.inForce()) && !each.equals(after.staged()));
  }

  @Override
  public void prepare(List<CommandMessage<?>> commands) {
    books.register().states().require(List.of(PolicyEvent.STREAM));
  }

  @Override
  public Verdict decide(CommandMessage<?> message) {
    PolicyRegister before = register();
    return switch (before.decide(
        (PolicyCommand) message.getPayload(),
        KeyedCommands.expectedVersionOf(message.getMetaData()))) {
      case Decision.Accepted<PolicyEvent, PolicyRejection>(var events) -> {
        Posting posting = books.post(message);
        for (PolicyEvent event : events) {
          posting.add(event);
          makeReady(event, register());
        }
        yield new PolicyTaken(register(), posting.close());
      }
      case Decision.Rejected<PolicyEvent, PolicyRejection>(var rejection) ->
          new Refused(DiscountProblems.of(rejection));
    };
  }
}
