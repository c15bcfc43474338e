package io.bincard.reconciliation.feed;

import io.bincard.domain.LedgerHistory;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.messaging.StreamableMessageSource;

/**
 * How Axon runs the fold: one segment, so one node, from the start of the journal, and no event is
 * ever passed over because of an error: what fails is tried again, with longer and longer pauses.
 */
final class FoldProcessing implements ConfigurerModule {

  private final ExpectedProjection projection;
  private final LedgerHistory history;
  private final FoldProperties limits;
  private final List<PageListener> listeners;

  FoldProcessing(
      ExpectedProjection projection,
      LedgerHistory history,
      FoldProperties limits,
      List<PageListener> listeners) {
    this.projection = projection;
    this.history = history;
    this.limits = limits;
    this.listeners = listeners;
  }

  @Override
  public void configureModule(Configurer configurer) {
    configurer
        .eventProcessing()
        .registerEventHandler(_ -> projection)
        .registerListenerInvocationErrorHandler(
            ExpectedProjection.GROUP, _ -> PropagatingErrorHandler.instance())
        .registerErrorHandler(ExpectedProjection.GROUP, _ -> PropagatingErrorHandler.instance())
        .registerEventProcessor(ExpectedProjection.GROUP, this::processor);
  }

  private PooledStreamingEventProcessor processor(
      String name, Configuration configuration, EventHandlerInvoker invoker) {
    EventProcessingConfiguration processing = configuration.eventProcessingConfiguration();
    return PooledStreamingEventProcessor.builder()
        .name(name)
        .eventHandlerInvoker(invoker)
        .errorHandler(processing.errorHandler(name))
        .rollbackConfiguration(processing.rollbackConfiguration(name))
        .messageMonitor(processing.messageMonitor(PooledStreamingEventProcessor.class, name))
        .messageSource(
            new StretchSource(
                history, journal(configuration), limits.pageSize(), limits.pace(), listeners))
        .tokenStore(processing.tokenStore(name))
        .transactionManager(processing.transactionManager(name))
        .initialSegmentCount(1)
        .initialToken(StreamableMessageSource::createTailToken)
        .batchSize(1) // stretch
        .tokenClaimInterval(limits.claimInterval().toMillis())
        .claimExtensionThreshold(limits.claimInterval().toMillis())
        .coordinatorExecutor(_ -> Executors.newSingleThreadScheduledExecutor(thread("reader")))
        .workerExecutor(_ -> Executors.newSingleThreadScheduledExecutor(thread("writer")))
        .build();
  }

  private static ThreadFactory thread(String role) {
    return Thread.ofPlatform().daemon().name("bincard-reconciliation-" + role).factory();
  }

  private static StreamableMessageSource<TrackedEventMessage<?>> journal(
      Configuration configuration) {
    if (configuration.eventBus() instanceof StreamableMessageSource<?> source) {
      @SuppressWarnings("unchecked") // an event store streams tracked events
      StreamableMessageSource<TrackedEventMessage<?>> journal =
          (StreamableMessageSource<TrackedEventMessage<?>>) source;
      return journal;
    }
    throw new IllegalStateException("reconciliation needs an event store that can be streamed");
  }
}
