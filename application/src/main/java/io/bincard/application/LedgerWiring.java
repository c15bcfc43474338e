package io.bincard.application;

import io.bincard.application.books.Books;
import io.bincard.application.catalog.CatalogDecider;
import io.bincard.application.catalog.JournalCatalog;
import io.bincard.application.cluster.ClusterHealth;
import io.bincard.application.cluster.ClusterMetrics;
import io.bincard.application.cluster.ClusterProperties;
import io.bincard.application.cluster.CommandForwarder;
import io.bincard.application.cluster.Leadership;
import io.bincard.application.cluster.LeaseWatch;
import io.bincard.application.cluster.LedgerLease;
import io.bincard.application.discount.AppliedDiscounts;
import io.bincard.application.discount.CanaryPrices;
import io.bincard.application.discount.DiscountDecider;
import io.bincard.application.discount.DiscountProperties;
import io.bincard.application.discount.JournalPriceLists;
import io.bincard.application.discount.PolicyDecider;
import io.bincard.application.discount.PolicyHistory;
import io.bincard.application.discount.PolicyProperties;
import io.bincard.application.discount.PolicyReloads;
import io.bincard.application.discount.PolicyShelf;
import io.bincard.application.discount.PolicyTimeline;
import io.bincard.application.discount.PolicyWatcher;
import io.bincard.application.discount.Quotes;
import io.bincard.application.discount.RecentCarts;
import io.bincard.application.discount.WriterCanaries;
import io.bincard.application.hold.HoldDecider;
import io.bincard.application.hold.HoldExpiry;
import io.bincard.application.hold.HoldProperties;
import io.bincard.application.hold.Holds;
import io.bincard.application.hold.OpenHolds;
import io.bincard.application.journal.DeliveryTokenStore;
import io.bincard.application.journal.JournalEngine;
import io.bincard.application.journal.JournalEventStore;
import io.bincard.application.journal.JournalHistory;
import io.bincard.application.journal.JournalProperties;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.journal.JournalTail;
import io.bincard.application.receipts.ReceiptTiers;
import io.bincard.application.receipts.Receipts;
import io.bincard.application.snapshots.SnapshotKeeper;
import io.bincard.application.snapshots.Snapshots;
import io.bincard.application.stock.JournalStockItems;
import io.bincard.application.stock.JournalStockLocations;
import io.bincard.application.stock.StockDecider;
import io.bincard.application.stock.WriterStockFreezes;
import io.bincard.application.tiers.LedgerRoles;
import io.bincard.application.tiers.TierKeeper;
import io.bincard.application.timers.SteadyClock;
import io.bincard.application.timers.TimerProperties;
import io.bincard.application.timers.Timers;
import io.bincard.application.timers.TimersEndpoint;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.Forwarding;
import io.bincard.application.writer.OpenBatch;
import io.bincard.application.writer.OwnCommands;
import io.bincard.application.writer.SingleWriterCommandBus;
import io.bincard.application.writer.WriterHealth;
import io.bincard.application.writer.WriterLease;
import io.bincard.application.writer.WriterProperties;
import io.bincard.domain.CommandLoad;
import io.bincard.domain.LedgerHistory;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.callbacks.NoOpCallback;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.event.ContextClosedEvent;
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
  JournalProperties.class,
  ReceiptTiers.class,
  ClusterProperties.class,
  TimerProperties.class,
  DiscountProperties.class,
  HoldProperties.class,
  PolicyProperties.class
})
class LedgerWiring {

  /** The clock of events, as it is set. */
  private static final InstantSource CLOCK = () -> GenericEventMessage.clock.instant();

  @Bean
  LedgerGuard ledgerGuard(org.axonframework.config.Configuration axon) {
    return new LedgerGuard(axon);
  }

  // The tables, their roles and their tiers

  @Bean
  FlywayMigrationStrategy migrations(DataSource dataSource) {
    return flyway -> {
      flyway.migrate();
      try {
        LedgerRoles.settle(flyway.getConfiguration(), dataSource);
      } catch (SQLException e) {
        throw new IllegalStateException("the ledger's roles cannot be settled", e);
      }
    };
  }

  @Bean
  TierKeeper tierKeeper(DataSource dataSource, JournalProperties journal, ReceiptTiers receipts) {
    return new TierKeeper(dataSource, journal.daysAhead(), receipts.kept());
  }

  @Bean
  Receipts receipts(ReceiptTiers tiers) {
    return new Receipts(tiers);
  }

  // The journal

  @Bean
  JournalTail journalTail(JournalProperties journal) {
    return new JournalTail(journal.recentEvents());
  }

  @Bean
  OpenBatch openBatch(@Qualifier("eventSerializer") Serializer eventSerializer) {
    return new OpenBatch(eventSerializer);
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

  @Bean
  LedgerHistory ledgerHistory(
      JournalEngine engine, DataSource dataSource, JournalProperties journal) {
    return new JournalHistory(
        engine, dataSource, new JournalSerializer(), journal.historyReaders());
  }

  // Who writes

  @Bean
  LedgerLease ledgerLease(
      DataSource dataSource,
      ClusterProperties cluster,
      WriterProperties limits,
      SteadyClock clock) {
    return new LedgerLease(dataSource, cluster.lease(), limits.takeoverWait(), clock::heardOf);
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
  ClusterMetrics clusterMetrics(MeterRegistry meters, LedgerLease lease, Leadership leadership) {
    return new ClusterMetrics(meters, lease, leadership);
  }

  @Bean
  Forwarding commandForwarder(
      Leadership leadership, ClusterProperties cluster, ClusterMetrics metrics) {
    return new CommandForwarder(leadership, cluster, metrics);
  }

  /** The first thing that a node does when it goes down, before its web server is closed. */
  @Bean
  ApplicationListener<ContextClosedEvent> resignation(
      SingleWriterCommandBus commandBus, ApplicationContext own) {
    return event -> {
      if (event.getApplicationContext() == own) {
        commandBus.resign();
      }
    };
  }

  @Bean
  HealthIndicator cluster(LeaseWatch watch, LedgerLease lease, Leadership leadership) {
    return new ClusterHealth(watch, lease, leadership);
  }

  // The writer

  @Bean
  SingleWriterCommandBus commandBus(
      WriterProperties limits,
      DataSource dataSource,
      Receipts receipts,
      WriterLease lease,
      Forwarding elsewhere,
      OpenBatch openBatch,
      JournalTail tail,
      List<CommitListener> listeners,
      MeterRegistry meters) {
    return new SingleWriterCommandBus(
        lease, elsewhere, dataSource, receipts, openBatch, tail, listeners, limits, meters);
  }

  @Bean
  HealthIndicator writer(SingleWriterCommandBus commandBus) {
    return new WriterHealth(commandBus);
  }

  @Bean
  CommandGateway commandGateway(CommandBus commandBus) {
    // Who sent a command is told what became of it. Axon's gateway would write a line for each that
    // fails, too: under an overload one for every refusal, and a console that cannot take them
    // would hold up the routes.
    return DefaultCommandGateway.builder()
        .commandBus(commandBus)
        .commandCallback(NoOpCallback.INSTANCE)
        .build();
  }

  // The books

  @Bean
  SnapshotKeeper snapshotKeeper(DataSource dataSource, MeterRegistry meters) {
    return new SnapshotKeeper(new Snapshots(dataSource), meters);
  }

  @Bean
  Books books(
      JournalEngine engine,
      DataSource dataSource,
      SnapshotKeeper keeper,
      OpenBatch openBatch,
      WriterProperties limits,
      MeterRegistry meters) {
    return new Books(
        new Books.Source(engine, new Snapshots(dataSource), keeper, limits.snapshotEvery(), meters),
        openBatch,
        limits.liveStates());
  }

  // Stock

  @Bean
  StockDecider stockDecider(Books books, CommandBus commandBus) {
    return new StockDecider(books, CLOCK).subscribe(commandBus);
  }

  @Bean
  JournalStockItems stockItems(
      EventStore eventStore,
      Books books,
      JournalTail tail,
      WriterProperties limits,
      WriterLease lease) {
    return new JournalStockItems(
        eventStore, books.items().stored(), tail, limits.liveStates(), lease);
  }

  // Discounts

  @Bean
  PolicyShelf policyShelf(PolicyTimeline timeline, DiscountProperties limits) {
    return new PolicyShelf(timeline, limits.versionsKept());
  }

  @Bean
  PolicyTimeline policyTimeline(JournalEngine engine, DiscountProperties limits) {
    return new PolicyTimeline(engine, limits.policyAge());
  }

  @Bean
  PolicyDecider policyDecider(
      Books books, PolicyShelf shelf, OpenBatch openBatch, CommandBus commandBus) {
    return new PolicyDecider(books, shelf, openBatch).subscribe(commandBus);
  }

  @Bean
  DiscountDecider discountDecider(Books books, PolicyDecider policies, CommandBus commandBus) {
    return new DiscountDecider(books, policies, CLOCK).subscribe(commandBus);
  }

  @Bean
  Quotes quotes(
      PolicyTimeline timeline,
      PolicyShelf shelf,
      Books books,
      RecentCarts carts,
      CanaryPrices canary,
      DiscountProperties limits) {
    return new Quotes(
        timeline, shelf, books.accounts().stored(), carts, canary, limits.accountAge(), CLOCK);
  }

  @Bean
  CanaryPrices canaryPrices(MeterRegistry meters) {
    return new CanaryPrices(meters);
  }

  @Bean
  RecentCarts recentCarts(PolicyProperties policies) {
    return new RecentCarts(policies.recentCarts());
  }

  @Bean
  @ConditionalOnProperty("bincard.policies.folder")
  PolicyWatcher policyWatcher(
      PolicyProperties policies,
      CommandGateway gateway,
      SingleWriterCommandBus writer,
      PolicyTimeline timeline,
      PolicyShelf shelf,
      RecentCarts carts,
      PolicyReloads reloads) {
    return new PolicyWatcher(policies, gateway, writer, timeline, shelf, carts, CLOCK, reloads);
  }

  @Bean
  PolicyReloads policyReloads(MeterRegistry meters) {
    return new PolicyReloads(meters);
  }

  @Bean
  PolicyHistory policyHistory(PolicyTimeline timeline) {
    return new PolicyHistory(timeline);
  }

  @Bean
  AppliedDiscounts appliedDiscounts(JournalEngine engine) {
    return new AppliedDiscounts(engine);
  }

  // The catalog

  @Bean
  CatalogDecider catalogDecider(Books books, CommandBus commandBus) {
    return new CatalogDecider(books).subscribe(commandBus);
  }

  @Bean
  JournalCatalog catalog(Books books) {
    return new JournalCatalog(books.skus().stored());
  }

  // What the read side asks for beside items

  @Bean
  JournalStockLocations stockLocations(DataSource dataSource) {
    return new JournalStockLocations(dataSource);
  }

  @Bean
  JournalPriceLists priceLists(PolicyTimeline timeline, PolicyShelf shelf) {
    return new JournalPriceLists(timeline, shelf, CLOCK);
  }

  // What reconciliation asks for

  @Bean
  OwnCommands ownCommands(CommandGateway gateway) {
    return new OwnCommands(gateway);
  }

  @Bean
  WriterStockFreezes stockFreezes(OwnCommands commands) {
    return new WriterStockFreezes(commands);
  }

  @Bean
  WriterCanaries canaries(OwnCommands commands) {
    return new WriterCanaries(commands);
  }

  @Bean
  CommandLoad commandLoad(SingleWriterCommandBus commandBus) {
    return commandBus::queuedCommands;
  }

  // Timers

  @Bean
  SteadyClock steadyClock(TimerProperties timers) {
    return new SteadyClock(timers.clockTolerance());
  }

  @Bean
  EventClock eventClock(SteadyClock clock) {
    return EventClock.set(clock);
  }

  @Bean
  Timers timers(TimerProperties timers, WriterLease lease, MeterRegistry meters) {
    return new Timers(timers, CLOCK, () -> lease.certainEpoch() != 0, meters);
  }

  @Bean
  TimersEndpoint timersEndpoint(Timers timers) {
    return new TimersEndpoint(timers);
  }

  // Holds

  @Bean
  HoldDecider holdDecider(
      Books books, DiscountDecider discounts, HoldProperties holds, CommandBus commandBus) {
    return new HoldDecider(books, discounts, holds.sources(), CLOCK).subscribe(commandBus);
  }

  @Bean
  HoldExpiry holdExpiry(
      Timers timers,
      ObjectProvider<CommandGateway> gateway,
      DataSource dataSource,
      HoldProperties holds) {
    return new HoldExpiry(
        timers, gateway::getObject, new OpenHolds(dataSource), holds.expireAtOnce());
  }

  @Bean
  Holds holds(Books books, JournalEngine engine) {
    return new Holds(books.holds().stored(), engine, CLOCK);
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
    return new DeliveryTokenStore(
        JdbcTokenStore.builder()
            .claimTimeout(cluster.claimTimeout())
            .connectionProvider(connections)
            .serializer(defaultSerializer)
            .schema(
                TokenSchema.builder()
                    .setTokenTable("token_entry")
                    .setProcessorNameColumn("processor_name")
                    .setTokenTypeColumn("token_type")
                    .build()));
  }
}
