package io.bincard.application.discount;

import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.problems.DiscountProblems;
import io.bincard.application.writer.Decider;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.LiveStates;
import io.bincard.application.writer.OpenBatch;
import io.bincard.application.writer.Refused;
import io.bincard.application.writer.StreamStates;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.Decision;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.DiscountCommand;
import io.bincard.domain.discount.DiscountCommand.ApplyDiscount;
import io.bincard.domain.discount.DiscountCommand.RevokeDiscount;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountRejection;
import io.bincard.domain.discount.Discounting;
import io.bincard.domain.discount.OrderDiscount;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.pricing.TooManyRulesException;
import io.bincard.domain.stock.OrderId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * The shell around {@link Discounting}: takes commands on the discounts of orders there, their
 * events to the open batch, and moves the order and the accounts on. All of it is in the writer's
 * thread, so no budget can be spent twice.
 */
public final class DiscountDecider implements Decider {

  /** What the streams of orders and accounts are called in the journal. */
  static final String ORDER_TYPE = "order-discount";

  static final String ACCOUNT_TYPE = "campaign-account";

  private static final String STREAM_PREFIX = "discount:";

  private final Live<OrderId, OrderDiscount> orders;
  private final Live<AccountId, CampaignAccount> accounts;
  private final PolicyDecider policies;
  private final OpenBatch batch;
  private final InstantSource clock;

  /** States in the writer's memory, and where they come from. */
  public record Live<K, S>(LiveStates<K, S> states, StreamStates<K, S> stored) {}

  /**
   * Decides on states in the writer's memory.
   *
   * @param policies which version prices in the open batch
   */
  public DiscountDecider(
      Live<OrderId, OrderDiscount> orders,
      Live<AccountId, CampaignAccount> accounts,
      PolicyDecider policies,
      OpenBatch batch,
      InstantSource clock) {
    this.orders = orders;
    this.accounts = accounts;
    this.policies = policies;
    this.batch = batch;
    this.clock = clock;
  }

  /** The stream of {@code orderId} in the journal. */
  public static String stream(OrderId orderId) {
    return STREAM_PREFIX + orderId;
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
    orders.states().require(all.stream().map(DiscountCommand::orderId).toList());
    accounts.states().require(all.stream().flatMap(this::foreseen).toList());
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
            : accountsOf(version.pricing().campaigns(apply.cart()), apply.cart().customer());
      }
      case RevokeDiscount revoke -> {
        OrderDiscount order = orders.states().get(revoke.orderId());
        yield accountsOf(order.paid().keySet(), order.customer());
      }
    };
  }

  private static Stream<AccountId> accountsOf(
      Set<CampaignId> campaigns, @Nullable CustomerId customer) {
    return campaigns.stream()
        .flatMap(
            campaign ->
                customer == null
                    ? Stream.of(new AccountId(campaign, null))
                    : Stream.of(new AccountId(campaign, null), new AccountId(campaign, customer)));
  }

  @Override
  public Verdict decide(CommandMessage<?> message) {
    DiscountCommand command = command(message);
    OrderDiscount order = orders.states().get(command.orderId());
    Discounting discounting = discounting(stageOf(command));
    return switch (discounting.decide(
        command, order, KeyedCommands.expectedVersionOf(message.getMetaData()), clock.instant())) {
      case Decision.Accepted<DiscountEvent, DiscountRejection>(var events) ->
          take(message, command.orderId(), events);
      case Decision.Rejected<DiscountEvent, DiscountRejection>(var rejection) ->
          new Refused(DiscountProblems.of(rejection));
    };
  }

  private static ReleaseStage stageOf(DiscountCommand command) {
    return command instanceof ApplyDiscount apply ? apply.releaseStage() : ReleaseStage.STABLE;
  }

  private Discounting discounting(ReleaseStage stage) {
    return new Discounting(policies.version(stage), accounts.states()::get);
  }

  private Verdict take(CommandMessage<?> message, OrderId orderId, List<DiscountEvent> events) {
    PriceDifference canary = canary(events);
    List<DomainEventMessage<?>> messages = new ArrayList<>(events.size());
    List<Moved<?, ?>> moved = new ArrayList<>(events.size());
    DiscountApplied applied = null;
    long version = OrderDiscount.NO_VERSION;
    for (DiscountEvent event : events) {
      switch (event) {
        case DiscountEvent.OfOrder e -> {
          OrderDiscount before = orders.states().get(orderId);
          OrderDiscount after = before.evolve(e);
          version = after.version();
          applied = e instanceof DiscountApplied price ? price : null;
          move(orders, orderId, before, after, moved);
          messages.add(
              KeyedCommands.event(
                  message, messages.size(), ORDER_TYPE, stream(orderId), version, event));
        }
        case DiscountEvent.OfAccount e -> {
          AccountId account = e.account();
          CampaignAccount before = accounts.states().get(account);
          CampaignAccount after = before.evolve(e);
          move(accounts, account, before, after, moved);
          messages.add(
              KeyedCommands.event(
                  message,
                  messages.size(),
                  ACCOUNT_TYPE,
                  account.stream(),
                  after.version(),
                  event));
        }
      }
    }
    batch.append(messages);
    return new DiscountTaken(orderId, version, applied, canary, moved);
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

  private static <K, S> void move(
      Live<K, S> live, K key, S before, S after, List<Moved<?, ?>> moved) {
    live.states().put(key, after);
    moved.add(new Moved<>(live.stored(), key, before, after));
  }

  private static DiscountCommand command(CommandMessage<?> message) {
    return (DiscountCommand) message.getPayload();
  }
}
