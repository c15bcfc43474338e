package io.bincard.projections.filling;

import io.bincard.projections.journal.PagedJournal;
import io.bincard.projections.upkeep.Bookmark;
import io.bincard.projections.upkeep.GatedProcessor;
import io.bincard.projections.upkeep.ViewBuilder;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.upkeep.ViewStoreWatcher;
import io.bincard.projections.upkeep.ViewStoreWatcher.Subject;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.lifecycle.Phase;
import org.axonframework.messaging.StreamableMessageSource;

/**
 * How Axon runs the projection: one segment, in batches, from the start of the journal, and no
 * event is ever passed over because of an error. The watcher starts a step before the processor and
 * stops a step before it, too.
 */
public final class ViewsProcessing implements ConfigurerModule {

  private final ViewsProjection projection;
  private final ViewStoreWatcher watcher;
  private final ViewStatus status;
  private final int batchSize;
  private final Duration pace;
  private final Duration claimInterval;
  private final ViewBuilder builder;

  /**
   * The projection, the watcher and their limits.
   *
   * @param batchSize how many events are written at once at most
   * @param pace the least time from one batch to the next
   * @param claimInterval how often a node tries to take over the projection, how often the one that
   *     has it says so, and how soon one that failed is tried anew
   * @param builder who builds generations where they are missing
   */
  public ViewsProcessing(
      ViewsProjection projection,
      ViewStoreWatcher watcher,
      ViewStatus status,
      int batchSize,
      Duration pace,
      Duration claimInterval,
      ViewBuilder builder) {
    this.projection = projection;
    this.watcher = watcher;
    this.status = status;
    this.batchSize = batchSize;
    this.pace = pace;
    this.claimInterval = claimInterval;
    this.builder = builder;
  }

  /** What is run. */
  public ViewsProjection projection() {
    return projection;
  }

  @Override
  public void configureModule(Configurer configurer) {
    configurer
        .eventProcessing()
        .registerEventHandler(_ -> projection)
        .registerListenerInvocationErrorHandler(
            ViewsProjection.GROUP, _ -> PropagatingErrorHandler.instance())
        .registerErrorHandler(ViewsProjection.GROUP, _ -> PropagatingErrorHandler.instance())
        .registerEventProcessor(ViewsProjection.GROUP, this::processor);
    configurer.onInitialize(
        configuration -> {
          configuration.onStart(
              Phase.INBOUND_EVENT_CONNECTORS - 1, () -> watcher.start(subject(configuration)));
          configuration.onShutdown(Phase.INBOUND_EVENT_CONNECTORS + 1, watcher::stop);
        });
  }

  private GatedProcessor processor(
      String name, Configuration configuration, EventHandlerInvoker invoker) {
    EventProcessingConfiguration processing = configuration.eventProcessingConfiguration();
    return new GatedProcessor(
        PooledStreamingEventProcessor.builder()
            .name(name)
            .eventHandlerInvoker(invoker)
            .errorHandler(processing.errorHandler(name))
            .rollbackConfiguration(processing.rollbackConfiguration(name))
            .messageMonitor(processing.messageMonitor(PooledStreamingEventProcessor.class, name))
            .messageSource(new PagedJournal(journal(configuration), batchSize, pace))
            .tokenStore(processing.tokenStore(name))
            .transactionManager(processing.transactionManager(name))
            .initialSegmentCount(1)
            .initialToken(StreamableMessageSource::createTailToken)
            .batchSize(1) // page
            .tokenClaimInterval(claimInterval.toMillis())
            .claimExtensionThreshold(claimInterval.toMillis())
            .coordinatorExecutor(_ -> Executors.newSingleThreadScheduledExecutor(thread("reader")))
            .workerExecutor(_ -> Executors.newSingleThreadScheduledExecutor(thread("writer"))),
        () -> status.writable().isPresent());
  }

  private static ThreadFactory thread(String role) {
    return Thread.ofPlatform().daemon().name("bincard-views-" + role).factory();
  }

  private Subject subject(Configuration configuration) {
    EventProcessingConfiguration processing = configuration.eventProcessingConfiguration();
    String name = ViewsProjection.GROUP;
    return new Subject(
        processing
            .eventProcessor(name, StreamingEventProcessor.class)
            .orElseThrow(() -> new IllegalStateException("no processor is named " + name)),
        new Bookmark(
            name,
            processing.tokenStore(name),
            processing.transactionManager(name),
            journal(configuration)),
        projection::forget,
        builder);
  }

  /** The journal as the Axon configuration of the application has it. */
  public static StreamableMessageSource<TrackedEventMessage<?>> journal(
      Configuration configuration) {
    if (configuration.eventBus() instanceof StreamableMessageSource<?> source) {
      @SuppressWarnings("unchecked") // an event store streams tracked events
      StreamableMessageSource<TrackedEventMessage<?>> journal =
          (StreamableMessageSource<TrackedEventMessage<?>>) source;
      return journal;
    }
    throw new IllegalStateException("the projection needs an event store that can be streamed");
  }
}
