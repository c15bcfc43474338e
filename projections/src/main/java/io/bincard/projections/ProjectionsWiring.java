package io.bincard.projections;

import com.redis.om.spring.RedisModulesConfiguration;
import com.redis.om.spring.annotations.EnableRedisEnhancedRepositories;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.availability.AvailabilityProcessing;
import io.bincard.projections.availability.AvailabilityProjection;
import io.bincard.projections.availability.AvailabilityViews;
import io.bincard.projections.page.PageConfiguration;
import io.bincard.projections.push.PushConfiguration;
import io.bincard.projections.storefront.ReadCounts;
import io.bincard.projections.storefront.StorefrontConfiguration;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.upkeep.ViewStoreHealth;
import io.bincard.projections.upkeep.ViewStoreWatcher;
import io.bincard.projections.viewstore.RedisUrl;
import io.bincard.projections.viewstore.ViewStore;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
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
 * <p>Needs of the application a {@link StockItems} and an Axon configuration with a streamable
 * event store and a token store; the processor joins that configuration as a {@link
 * ConfigurerModule}. Comes before redis-om's configuration, which takes the connections defined
 * here.
 */
@AutoConfiguration(before = RedisModulesConfiguration.class)
@EnableConfigurationProperties(ProjectionsProperties.class)
@EnableRedisEnhancedRepositories(basePackageClasses = AvailabilityViews.class)
@Import({StorefrontConfiguration.class, PushConfiguration.class, PageConfiguration.class})
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

  /** The projection itself is no bean, lest Axon register it a second time. */
  @Bean
  AvailabilityProcessing availabilityProcessing(
      ViewStore store,
      StockItems ledger,
      ViewStatus status,
      ViewStoreWatcher watcher,
      ProjectionsProperties properties) {
    return new AvailabilityProcessing(
        new AvailabilityProjection(store, ledger, status, properties.cachedItems()),
        watcher,
        status,
        properties.batchSize(),
        properties.pace(),
        properties.claimInterval());
  }

  /** Readiness, where the application has Actuator. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(HealthIndicator.class)
  static class Health {

    @Bean
    ViewStoreHealth viewStoreHealthIndicator(ViewStatus status) {
      return new ViewStoreHealth(status);
    }
  }

  /** Metrics, where the application has Micrometer. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterBinder.class)
  static class Metrics {

    @Bean
    ProjectionsMetrics projectionsMetrics(
        ViewStatus status, AvailabilityProcessing processing, ReadCounts reads) {
      return new ProjectionsMetrics(status, processing.projection(), reads);
    }
  }
}
