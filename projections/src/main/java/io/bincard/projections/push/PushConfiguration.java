package io.bincard.projections.push;

import io.bincard.domain.stock.StockItems;
import io.bincard.projections.push.admission.Admission;
import io.bincard.projections.push.admission.RedirectTokens;
import io.bincard.projections.push.admission.SharedSecret;
import io.bincard.projections.push.hub.HubLoop;
import io.bincard.projections.push.hub.ItemJson;
import io.bincard.projections.push.hub.PushCounts;
import io.bincard.projections.push.hub.StockHub;
import io.bincard.projections.storefront.Availability;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Live stock, in the order of its way: the journal's reader, the hub, who may listen, the routes.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PushProperties.class)
public class PushConfiguration {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Items that are asked of the ledger at once: each takes a connection to PostgreSQL. */
  private static final int ASKED_AT_ONCE = 4;

  @Bean
  PushCounts pushCounts() {
    return new PushCounts();
  }

  @Bean(destroyMethod = "shutdownNow")
  ExecutorService pushQuestions() {
    return Executors.newFixedThreadPool(
        ASKED_AT_ONCE, Thread.ofPlatform().daemon().name("bincard-push-questions-", 1).factory());
  }

  @Bean
  HubLoop pushLoop(
      StockItems ledger,
      @Qualifier("pushQuestions") ExecutorService questions,
      InstantSource clock,
      PushProperties limits,
      PushCounts counts) {
    ItemJson json =
        (item, state, now, asOf) ->
            JSON.writeValueAsString(Availability.of(item, state, now, asOf, false));
    return new HubLoop(
        own -> new StockHub(ledger, questions, own, clock, json, limits.hub(), counts),
        limits.flushInterval());
  }

  @Bean
  Admission pushAdmission(PushProperties limits) {
    return new Admission(limits.maxStreams(), limits.movedReserve(), limits.maxStreamsPerClient());
  }

  @Bean
  RedirectTokens redirectTokens(
      @Value("${bincard.ledger:main}") String ledger,
      JedisConnectionFactory redis,
      @Qualifier("pushQuestions") ExecutorService questions,
      PushProperties limits,
      InstantSource clock) {
    SharedSecret secret = new SharedSecret(limits.redirectSecret(), ledger, redis, questions);
    secret.get(); // so that it is known when it is needed, which is when the node goes down
    return new RedirectTokens(UUID.randomUUID(), secret, limits.redirectValid(), clock);
  }

  @Bean
  PushDrain pushDrain(
      HubLoop loop, Admission admission, RedirectTokens tokens, PushProperties limits) {
    return new PushDrain(loop, admission, tokens, limits.drain());
  }

  @Bean
  StockPushController stockPushController(
      HubLoop loop, Admission admission, RedirectTokens tokens, PushProperties limits) {
    return new StockPushController(loop, admission, tokens, Thread::startVirtualThread, limits);
  }

  /** The routes' description, where the application has an OpenAPI document. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(GlobalOpenApiCustomizer.class)
  static class Document {

    @Bean
    PushDocument pushDocument(PushProperties limits) {
      return new PushDocument(limits.maxSkus());
    }
  }

  /** Metrics, where the application has Micrometer. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterBinder.class)
  static class Metrics {

    @Bean
    PushMetrics pushMetrics(
        PushCounts counts,
        Admission admission,
        RedirectTokens tokens,
        HubLoop loop,
        StockItems ledger) {
      return new PushMetrics(counts, admission, tokens, loop.hub(), ledger);
    }
  }
}
