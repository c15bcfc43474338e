package io.bincard.projections;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.redis.om.spring.RedisModulesConfiguration;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.discount.PriceLists;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.projections.availability.AvailabilityView;
import io.bincard.projections.availability.AvailabilityViews;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.Projector;
import io.bincard.projections.fixture.Promise;
import io.bincard.projections.fixture.RedisProcess;
import io.bincard.projections.storefront.Availabilities;
import io.bincard.projections.storefront.Source;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.upkeep.ViewStoreHealth;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.upkeep.ViewStoreState.Unavailable;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.projections.viewstore.ViewStoreMark;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnection;

/** The module as an application gets it: by auto-configuration, beside redis-om's own. */
class ProjectionsWiringIT {

  @TempDir static Path folder;
  private static RedisProcess redis;

  @BeforeAll
  static void start() {
    System.setProperty("axoniq.update-checker.disabled", "true");
    redis = RedisProcess.start(folder);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.empty();
  }

  /** A ledger without any policy. */
  private enum NoPrices implements PriceLists {
    INSTANCE;

    @Override
    public Optional<PolicyFingerprint> inForce() {
      return Optional.empty();
    }

    @Override
    public Listed list(
        PolicyFingerprint policy, Sku sku, Money unitPrice, @Nullable CategoryId category) {
      throw new IllegalStateException("there is no policy");
    }
  }

  /** What the module expects of the application. */
  @org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
  static class Application {

    @Bean
    LedgerInMemory ledger() {
      return new LedgerInMemory();
    }

    @Bean
    PriceLists prices() {
      return NoPrices.INSTANCE;
    }

    @Bean(initMethod = "start", destroyMethod = "shutdown")
    Configuration axon(LedgerInMemory ledger, List<ConfigurerModule> modules) {
      Configurer configurer =
          DefaultConfigurer.defaultConfiguration()
              .configureEventStore(_ -> ledger.events())
              .registerComponent(TokenStore.class, _ -> new InMemoryTokenStore());
      modules.forEach(module -> module.configureModule(configurer));
      return configurer.buildConfiguration();
    }

    @Bean
    MeterRegistry registry(List<MeterBinder> binders) {
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      binders.forEach(binder -> binder.bindTo(registry));
      return registry;
    }
  }

  private WebApplicationContextRunner application() {
    return new WebApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(ProjectionsWiring.class, RedisModulesConfiguration.class))
        .withUserConfiguration(Application.class)
        .withPropertyValues(
            "spring.data.redis.url=" + redis.url(), "bincard.projections.watch-interval=50ms");
  }

  private static void awaitServing(AssertableWebApplicationContext context) {
    ViewStatus status = context.getBean(ViewStatus.class);
    StockItems ledger = context.getBean(StockItems.class);
    ViewStore store = context.getBean(ViewStore.class);
    Projector.await()
        .ignoreExceptions()
        .until(
            () ->
                status.state() instanceof Serving
                    && store.mark().orElseThrow().position() == ledger.headPosition());
  }

  @Test
  void a_repository_of_redis_om_reads_what_the_function_wrote() {
    application()
        .run(
            context -> {
              LedgerInMemory ledger = context.getBean(LedgerInMemory.class);
              StockItemId item = ledger.register("A b", 9_007_199_254_740_991L);
              ledger.deduct(item, 1);
              awaitServing(context);
              String epoch =
                  context.getBean(ViewStore.class).mark().map(ViewStoreMark::epoch).orElseThrow();

              long units = 9_007_199_254_740_990L;
              AvailabilityView free =
                  new AvailabilityView(
                      "A b@MAIN", "A b", "MAIN", units, 0, "", units, 0, 0, false, 1, 2, epoch);
              assertThat(
                      context.getBean(AvailabilityViews.class).findById("1:availability:A b@MAIN"))
                  .contains(free);
              assertThat(free.item()).isEqualTo(item);
              assertThat(context.getBean(AvailabilityViews.class).findById("1:availability:B@MAIN"))
                  .isEmpty();
              assertThat(storedBySave(context, free)).containsAllEntriesOf(stored(context, item));

              ledger.publish(
                  Promise.of(item, 1, 5, Instant.ofEpochMilli(1_764_590_400_000L)).made(),
                  Promise.of(item, 2, 1, Instant.ofEpochMilli(1_764_590_400_250L)).made());
              awaitServing(context);
              AvailabilityView promised =
                  new AvailabilityView(
                      "A b@MAIN",
                      "A b",
                      "MAIN",
                      units,
                      6,
                      "1764590400000:5 1764590400250:1",
                      units - 6,
                      0,
                      0,
                      false,
                      3,
                      4,
                      epoch);
              assertThat(
                      context.getBean(AvailabilityViews.class).findById("1:availability:A b@MAIN"))
                  .contains(promised);
              assertThat(storedBySave(context, promised))
                  .containsAllEntriesOf(stored(context, item));
            });
  }

  /** The fields that redis-om writes for {@code view}. */
  private Map<String, String> storedBySave(
      AssertableWebApplicationContext context, AvailabilityView view) {
    Map<String, String> before = stored(context, view.item());
    redis.command(
        "DEL " + ViewStore.key(context.getBean(ViewStore.class).live(), "availability:saved@MAIN"));
    AvailabilityView saved =
        new AvailabilityView(
            "1:availability:saved@MAIN",
            view.sku(),
            view.location(),
            view.onHand(),
            view.reserved(),
            view.lapses(),
            view.available(),
            view.safetyStock(),
            view.backorderLimit(),
            view.frozen(),
            view.version(),
            view.position(),
            view.epoch());
    context.getBean(AvailabilityViews.class).save(saved);
    Map<String, String> after = stored(context, LedgerInMemory.item("saved"));
    after.put("id", before.getOrDefault("id", ""));
    return after;
  }

  private Map<String, String> stored(AssertableWebApplicationContext context, StockItemId item) {
    String key = ViewStore.key(context.getBean(ViewStore.class).live(), AvailabilityView.key(item));
    Map<String, String> fields = new HashMap<>();
    try (RedisConnection connection = redis.connections().getConnection()) {
      Map<byte[], byte[]> row = connection.hashCommands().hGetAll(key.getBytes(UTF_8));
      assertThat(row).isNotNull();
      row.forEach((field, value) -> fields.put(new String(field, UTF_8), new String(value, UTF_8)));
    }
    fields.remove("in"); // the sets, which are the store's own
    return fields;
  }

  @Test
  void storefronts_are_answered_from_the_views() {
    application()
        .run(
            context -> {
              StockItemId item = context.getBean(LedgerInMemory.class).register("A", 10);
              awaitServing(context);

              assertThat(context.getBean(Availabilities.class).find(item, 1).orElseThrow().source())
                  .isEqualTo(Source.VIEW);
            });
  }

  @Test
  void an_application_without_redis_starts_and_answers_and_fills_the_views_later() {
    redis.kill();
    application()
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              ViewStatus status = context.getBean(ViewStatus.class);
              StockItemId item = context.getBean(LedgerInMemory.class).register("A", 10);
              Availabilities availabilities = context.getBean(Availabilities.class);
              assertThat(status.state()).isInstanceOf(Unavailable.class);
              assertThat(availabilities.find(item, 1).orElseThrow().source())
                  .isEqualTo(Source.LEDGER);
              assertThat(context.getBean(ViewStoreHealth.class).health().getStatus())
                  .isEqualTo(Status.UP);

              redis.restart();
              awaitServing(context);

              assertThat(availabilities.find(item, 1).orElseThrow().source())
                  .isEqualTo(Source.VIEW);
            });
  }

  @Test
  void monitors_are_told_where_the_views_are_and_who_answered() {
    application()
        .run(
            context -> {
              StockItemId item = context.getBean(LedgerInMemory.class).register("A", 10);
              context.getBean(LedgerInMemory.class).deduct(item, 2);
              awaitServing(context);
              context.getBean(Availabilities.class).find(item, 3);

              MeterRegistry registry = context.getBean(MeterRegistry.class);
              // A page is counted after everybody can see it.
              Projector.await()
                  .untilAsserted(
                      () -> {
                        assertThat(registry.get("bincard.view.position").gauge().value())
                            .isEqualTo(3);
                        assertThat(registry.get("bincard.view.lag.events").gauge().value())
                            .isZero();
                        assertThat(
                                registry
                                    .get("bincard.view.events.applied")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(3);
                      });
              assertThat(
                      registry.get("bincard.reads").tag("source", "view").functionCounter().count())
                  .isEqualTo(1);
              assertThat(
                      registry
                          .get("bincard.reads")
                          .tag("source", "ledger")
                          .functionCounter()
                          .count())
                  .isZero();
            });
  }

  @Test
  void settings_out_of_range_stop_the_start() {
    for (String setting :
        List.of(
            "bincard.projections.batch-size=0",
            "bincard.projections.redis-timeout=0ms",
            "bincard.rebuild.states=0",
            "bincard.rebuild.max-rate=-1",
            "bincard.rebuild.checkpoint=0ms",
            "bincard.rebuild.progress=2h",
            "bincard.rebuild.silence=0ms",
            "bincard.rebuild.keep-previous=-1ms",
            "bincard.rebuild.connections=17",
            "bincard.queries.max-skus=0",
            "bincard.queries.poll-interval=0ms",
            "bincard.queries.min-position-wait=-1ms",
            "spring.data.redis.url=http://somewhere")) {
      application()
          .withPropertyValues(setting)
          .run(context -> assertThat(context).as(setting).hasFailed());
    }
  }
}
