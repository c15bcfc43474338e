package io.bincard.application;

import io.bincard.application.cluster.ClusterHealth;
import io.bincard.application.cluster.ClusterProperties;
import io.bincard.application.cluster.CommandForwarder;
import io.bincard.application.cluster.Leadership;
import io.bincard.application.cluster.LeaseWatch;
import io.bincard.application.cluster.LedgerLease;
import io.bincard.application.journal.JournalEngine;
import io.bincard.application.journal.JournalEventStore;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.journal.JournalTail;
import io.bincard.application.stock.JournalStockItems;
import io.bincard.application.stock.StockItemAggregate;
import io.bincard.application.writer.AggregateCache;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.Forwarding;
import io.bincard.application.writer.OpenBatch;
import io.bincard.application.writer.SingleWriterCommandBus;
import io.bincard.application.writer.WriterHealth;
import io.bincard.application.writer.WriterLease;
import io.bincard.application.writer.WriterProperties;
import io.bincard.domain.stock.StockCommand;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.lock.NullLockFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.eventsourcing.CachingEventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;
import org.axonframework.modelling.command.Repository;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The write side from the queue to the table. Every Axon part is named here: Axon's own
 * auto-configuration does not know this Spring Boot and would quietly put parts in memory where
 * these stand; the {@link LedgerGuard} refuses such a start.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  LedgerProperties.class,
  WriterProperties.class,
  ClusterProperties.class
})
class LedgerWiring {

  @Bean
  LedgerGuard ledgerGuard(org.axonframework.config.Configuration axon) {
    return new LedgerGuard(axon);
  }

  // The journal

  @Bean
  JournalTail journalTail() {
    return new JournalTail();
  }

  @Bean
  OpenBatch openBatch() {
    return new OpenBatch();
  }

  @Bean
  Serializer eventSerializer() {
    return new JournalSerializer();
  }

  @Bean
  JournalEngine eventStorageEngine(
      DataSource dataSource,
      OpenBatch openBatch,
      @Qualifier("eventSerializer") Serializer eventSerializer) {
    return JournalEngine.builder(dataSource, openBatch).serializer(eventSerializer).build();
  }

  @Bean
  EventStore eventStore(JournalEngine engine, JournalTail tail) {
    return new JournalEventStore(engine, tail);
  }

  // Who writes

  @Bean
  LedgerLease ledgerLease(
      DataSource dataSource,
      @Qualifier("eventSerializer") Serializer eventSerializer,
      ClusterProperties cluster,
      WriterProperties limits) {
    return new LedgerLease(dataSource, eventSerializer, cluster.lease(), limits.takeoverWait());
  }

  @Bean
  Leadership leadership() {
    return new Leadership();
  }

  @Bean
  LeaseWatch leaseWatch(
      DataSource dataSource,
      LedgerLease lease,
      Leadership leadership,
      JournalTail tail,
      SingleWriterCommandBus commandBus,
      ClusterProperties cluster) {
    return new LeaseWatch(dataSource, lease, leadership, tail, commandBus::tryToLead, cluster);
  }

  @Bean
  ApplicationListener<WebServerInitializedEvent> advertisement(LeaseWatch watch) {
    return event -> {
      if (event.getApplicationContext().getServerNamespace() == null) {
        watch.routesAreOpen(event.getWebServer().getPort());
      }
    };
  }

  @Bean
  Forwarding commandForwarder(Leadership leadership, ClusterProperties cluster) {
    return new CommandForwarder(leadership, cluster);
  }

  @Bean
  HealthIndicator cluster(LeaseWatch watch, LedgerLease lease, Leadership leadership) {
    return new ClusterHealth(watch, lease, leadership);
  }

  // The writer

  @Bean
  AggregateCache aggregateCache(WriterProperties limits) {
    return new AggregateCache(limits.cachedItems());
  }

  @Bean
  SingleWriterCommandBus commandBus(
      WriterProperties limits,
      WriterLease lease,
      Forwarding elsewhere,
      OpenBatch openBatch,
      AggregateCache aggregates,
      JournalTail tail,
      List<CommitListener> listeners) {
    return SingleWriterCommandBus.over(
        lease, elsewhere, openBatch, aggregates, tail, listeners, limits);
  }

  @Bean
  HealthIndicator writer(SingleWriterCommandBus commandBus) {
    return new WriterHealth(commandBus);
  }

  @Bean
  CommandGateway commandGateway(CommandBus commandBus) {
    return DefaultCommandGateway.builder().commandBus(commandBus).build();
  }

  // Stock

  @Bean
  Repository<StockItemAggregate> stockItemRepository(
      EventStore eventStore, AggregateCache aggregates) {
    return CachingEventSourcingRepository.builder(StockItemAggregate.class)
        .eventStore(eventStore)
        .cache(aggregates)
        .lockFactory(NullLockFactory.INSTANCE)
        .build();
  }

  @Bean
  AggregateAnnotationCommandHandler<StockItemAggregate> stockItemCommandHandler(
      Repository<StockItemAggregate> repository, CommandBus commandBus) {
    AggregateAnnotationCommandHandler<StockItemAggregate> handler =
        AggregateAnnotationCommandHandler.<StockItemAggregate>builder()
            .aggregateType(StockItemAggregate.class)
            .repository(repository)
            .commandTargetResolver(
                message ->
                    new VersionedAggregateIdentifier(
                        (Object) ((StockCommand) message.getPayload()).item().stream(), null))
            .build();
    handler.subscribe(commandBus);
    return handler;
  }

  @Bean
  JournalStockItems stockItems(
      EventStore eventStore, JournalTail tail, WriterProperties limits, WriterLease lease) {
    return new JournalStockItems(eventStore, tail, limits.cachedItems(), lease);
  }

  // What Axon's event processors need

  @Bean
  @Primary
  Serializer defaultSerializer() {
    return Jackson3Serializer.builder().build();
  }

  @Bean
  Serializer messageSerializer(Serializer defaultSerializer) {
    return defaultSerializer;
  }

  @Bean
  TransactionManager axonTransactionManager(PlatformTransactionManager transactionManager) {
    return new SpringTransactionManager(transactionManager);
  }

  @Bean
  ConnectionProvider connectionProvider(DataSource dataSource) {
    return new SpringDataSourceConnectionProvider(dataSource);
  }

  @Bean
  TokenStore tokenStore(
      ConnectionProvider connections, Serializer defaultSerializer, ClusterProperties cluster) {
    return JdbcTokenStore.builder()
        .claimTimeout(cluster.claimTimeout())
        .connectionProvider(connections)
        .serializer(defaultSerializer)
        .schema(
            TokenSchema.builder()
                .setTokenTable("token_entry")
                .setProcessorNameColumn("processor_name")
                .setTokenTypeColumn("token_type")
                .build())
        .build();
  }
}
