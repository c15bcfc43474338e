package io.bincard.application.discount;

import io.bincard.application.books.Books;
import io.bincard.application.books.Posting;
import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.problems.DiscountProblems;
import io.bincard.application.writer.Decider;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.Refused;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.Decision;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.DiscountCommand;
import io.bincard.domain.discount.DiscountCommand.ApplyDiscount;
import io.bincard.domain.discount.DiscountCommand.RevokeDiscount;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountRejection;
import io.bincard.domain.discount.Discounting;
import io.bincard.domain.discount.OrderDiscount;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.pricing.TooManyRulesException;
import io.bincard.domain.reservation.HoldId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.jspecify.annotations.Nullable;

/**
 * The shell around {@link Discounting}: takes commands on the discounts of orders there, their
 * events to the open batch, and moves the order and the accounts on. All of it is in the writer's
 * thread, so no budget can be spent twice.
 */
public final class DiscountDecider implements Decider {

  private final Books books;
  private final PolicyDecider policies;
  private final InstantSource clock;

  /**
   * Decides on the books.
   *
   * @param policies which version prices in the open batch
   */
  public DiscountDecider(Books books, PolicyDecider policies, InstantSource clock) {
    this.books = books;
    this.policies = policies;
    this.clock = clock;
  }

  /** Lets every command on discounts come here. */
  public DiscountDecider subscribe(CommandBus bus) {
    for (Class<?> command : DiscountCommand.class.getPermittedSubclasses()) {
      bus.subscribe(command.getName(), this);
    }
    return this;
  }

  @Override
  public void prepare(List<CommandMessage<?>> commands) {
    List<DiscountCommand> all = commands.stream().map(DiscountDecider::command).toList();
    books.orders().states().require(all.stream().map(DiscountCommand::orderId).toList());
    books.accounts().states().require(all.stream().flatMap(this::foreseen).toList());
  }

  /** The accounts that {@code command} may move; none where only its decision can tell why. */
  private Stream<AccountId> foreseen(DiscountCommand command) {
    try {
      return accountsOf(command);
    } catch (TooManyRulesException | UnreadableStreamException | IllegalStateException e) {
      return Stream.empty(); // the decision comes upon the same, and answers for it
    }
  }

  private Stream<AccountId> accountsOf(DiscountCommand command) {
    return switch (command) {
      case ApplyDiscount apply -> {
        PolicyVersion version = policies.version(apply.releaseStage());
        yield version == null
            ? Stream.empty()
            : Books.accountsOf(version.pricing().campaigns(apply.cart()), apply.cart().customer());
      }
      case RevokeDiscount revoke -> {
        OrderDiscount order = books.orders().get(revoke.orderId());
        yield Books.accountsOf(order.paid().keySet(), order.customer());
      }
    };
  }

  @Override
  public Verdict decide(CommandMessage<?> message) {
    DiscountCommand command = command(message);
    OrderDiscount order = books.orders().get(command.orderId());
    Discounting discounting = discounting(stageOf(command));
    Instant now = clock.instant();
    return switch (discounting.decide(
        command, order, KeyedCommands.expectedVersionOf(message.getMetaData()), now)) {
      case Decision.Accepted<DiscountEvent, DiscountRejection>(var events) -> {
        PriceDifference canary = canary(events);
        Set<HoldId> overdue = new LinkedHashSet<>();
        for (DiscountEvent event : events) {
          if (event instanceof BudgetSpent spent) {
            overdue.addAll(discounting.overdue(spent, now));
          }
        }
        Posting posting = books.post(message).expire(overdue, now).addAll(events);
        yield new DiscountTaken(
            command.orderId(),
            books.orders().get(command.orderId()).version(),
            events.getFirst() instanceof DiscountApplied applied ? applied : null,
            canary,
            posting.close());
      }
      case Decision.Rejected<DiscountEvent, DiscountRejection>(var rejection) ->
          new Refused(DiscountProblems.of(rejection));
    };
  }

  private static ReleaseStage stageOf(DiscountCommand command) {
    return command instanceof ApplyDiscount apply ? apply.releaseStage() : ReleaseStage.STABLE;
  }

  /** Discounts by the version for {@code stage} in the open batch; for the writer's thread. */
  public Discounting discounting(ReleaseStage stage) {
    return new Discounting(policies.version(stage), books.accounts()::get);
  }

  /**
   * What the version in force would have made otherwise; {@code null} unless another one is tried
   * out.
   */
  private @Nullable PriceDifference canary(List<DiscountEvent> events) {
    if (!(events.getFirst() instanceof DiscountApplied applied) || applied.releaseStage() == null) {
      return null;
    }
    return PriceDifference.between(
        discounting(ReleaseStage.STABLE),
        applied.policy(),
        applied.cart(),
        applied.pricedAt().toInstant(),
        applied.priced());
  }

  private static DiscountCommand command(CommandMessage<?> message) {
    return (DiscountCommand) message.getPayload();
  }
}
