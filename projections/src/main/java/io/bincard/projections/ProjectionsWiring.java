package io.bincard.projections;

import com.redis.om.spring.RedisModulesConfiguration;
import com.redis.om.spring.annotations.EnableRedisEnhancedRepositories;
import io.bincard.domain.LedgerHistory;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.availability.AvailabilityFold;
import io.bincard.projections.availability.AvailabilityViews;
import io.bincard.projections.catalog.CatalogConfiguration;
import io.bincard.projections.filling.PageGate;
import io.bincard.projections.filling.View;
import io.bincard.projections.filling.ViewsProcessing;
import io.bincard.projections.filling.ViewsProjection;
import io.bincard.projections.holds.HoldsConfiguration;
import io.bincard.projections.lowstock.LowStockConfiguration;
import io.bincard.projections.page.PageConfiguration;
import io.bincard.projections.prices.PricesConfiguration;
import io.bincard.projections.push.PushConfiguration;
import io.bincard.projections.reading.ReadingConfiguration;
import io.bincard.projections.rebuild.RebuildConfiguration;
import io.bincard.projections.storefront.ReadCounts;
import io.bincard.projections.storefront.StorefrontConfiguration;
import io.bincard.projections.upkeep.ViewBuilder;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.upkeep.ViewStoreHealth;
import io.bincard.projections.upkeep.ViewStoreWatcher;
import io.bincard.projections.viewstore.RedisUrl;
import io.bincard.projections.viewstore.ViewReads;
import io.bincard.projections.viewstore.ViewStore;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import java.util.List;
import org.axonframework.config.ConfigurerModule;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration.JedisClientConfigurationBuilder;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import redis.clients.jedis.ConnectionPoolConfig;

/**
 * The read side, in the order of the data's way: the Redis that holds views, the projection that
 * fills them, the watcher that keeps them filled, the storefront that asks them, and what monitors
 * are told.
 *
 * <p>Needs of the application a {@link StockItems}, a {@link LedgerHistory} and an Axon
 * configuration with a streamable event store and a token store; the processor joins that
 * configuration as a {@link ConfigurerModule}. Comes before redis-om's configuration, which takes
 * the connections defined here.
 */
@AutoConfiguration(before = RedisModulesConfiguration.class)
@EnableConfigurationProperties(ProjectionsProperties.class)
@EnableRedisEnhancedRepositories(basePackageClasses = AvailabilityViews.class)
@Import({
  StorefrontConfiguration.class,
  RebuildConfiguration.class,
  ReadingConfiguration.class,
  CatalogConfiguration.class,
  LowStockConfiguration.class,
  HoldsConfiguration.class,
  PricesConfiguration.class,
  PushConfiguration.class,
  PageConfiguration.class
})
public class ProjectionsWiring {

  @Bean
  JedisConnectionFactory jedisConnectionFactory(
      @Value("${spring.data.redis.url:redis://localhost:6379}") String url,
      ProjectionsProperties properties) {
    RedisUrl address = RedisUrl.parse(url);
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(properties.redisConnections());
    pool.setMaxIdle(properties.redisConnections());
    pool.setMinIdle(0);
    pool.setMaxWait(properties.redisTimeout());
    JedisClientConfigurationBuilder client =
        JedisClientConfiguration.builder()
            .clientName("bincard")
            .connectTimeout(properties.redisTimeout())
            .readTimeout(properties.redisTimeout());
    if (address.tls()) {
      client.useSsl();
    }
    return new JedisConnectionFactory(
        address.configuration(), client.usePooling().poolConfig(pool).build());
  }

  @Bean
  ViewStore redisViewStore(JedisConnectionFactory connections) {
    return new ViewStore(connections);
  }

  @Bean
  ViewStatus viewStatus() {
    return new ViewStatus();
  }

  @Bean
  @ConditionalOnMissingBean
  InstantSource clock() {
    return InstantSource.system();
  }

  @Bean
  ViewStoreWatcher viewStoreWatcher(
      @Value("${bincard.ledger:main}") String ledger,
      ViewStore store,
      ViewStatus status,
      InstantSource clock,
      ProjectionsProperties properties) {
    return new ViewStoreWatcher(
        ledger, store, status, clock, properties.watchInterval(), properties.stallLimit());
  }

  @Bean
  View availabilityView(StockItems ledger) {
    return AvailabilityFold.view(ledger);
  }

  @Bean
  PageGate pageGate() {
    return new PageGate();
  }

  /** The projection itself is no bean, lest Axon register it a second time. */
  @Bean
  ViewsProcessing viewsProcessing(
      ViewStore store,
      List<View> views,
      ViewStatus status,
      PageGate gate,
      ViewStoreWatcher watcher,
      ViewBuilder builder,
      ProjectionsProperties properties) {
    return new ViewsProcessing(
        new ViewsProjection(store, status, gate, views, properties.cachedItems()),
        watcher,
        status,
        properties.batchSize(),
        properties.pace(),
        properties.claimInterval(),
        builder);
  }

  /** Readiness, where the application has Actuator. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(HealthIndicator.class)
  static class Health {

    @Bean
    ViewStoreHealth viewStoreHealthIndicator(ViewStatus status, InstantSource clock) {
      return new ViewStoreHealth(status, clock);
    }
  }

  /** Metrics, where the application has Micrometer. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterBinder.class)
  static class Metrics {

    @Bean
    ProjectionsMetrics projectionsMetrics(
        ViewStatus status,
        ViewsProcessing processing,
        ViewReads views,
        ReadCounts reads,
        InstantSource clock) {
      return new ProjectionsMetrics(status, processing.projection(), views, reads, clock);
    }
  }
}
