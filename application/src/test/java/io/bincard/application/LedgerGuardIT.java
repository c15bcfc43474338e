package io.bincard.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.fixture.RunningBincard;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * Starts the application with one part too many, as a stray bean or a new auto-configuration would.
 */
class LedgerGuardIT {

  private EmptyLedger ledger;

  @BeforeEach
  void migrate() {
    ledger = new EmptyLedger();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  static final class StrayCommandBus {
    @Bean
    @Primary
    CommandBus stray() {
      return SimpleCommandBus.builder().build();
    }
  }

  static final class StrayStorageEngine {
    @Bean
    @Primary
    EventStorageEngine stray() {
      return new InMemoryEventStorageEngine();
    }
  }

  static final class StrayEventStore {
    @Bean
    @Primary
    EventStore stray() {
      return EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
    }
  }

  static final class StrayTokenStore {
    @Bean
    @Primary
    TokenStore stray() {
      return new InMemoryTokenStore();
    }
  }

  static final class StrayTransactionManager {
    @Bean
    @Primary
    TransactionManager stray() {
      return NoTransactionManager.instance();
    }
  }

  static Stream<Arguments> strays() {
    return Stream.of(
        Arguments.of(StrayCommandBus.class, "command bus", SimpleCommandBus.class),
        Arguments.of(
            StrayStorageEngine.class, "event storage engine", InMemoryEventStorageEngine.class),
        Arguments.of(StrayEventStore.class, "event bus", EmbeddedEventStore.class),
        Arguments.of(StrayTokenStore.class, "token store", InMemoryTokenStore.class),
        Arguments.of(
            StrayTransactionManager.class, "transaction manager", NoTransactionManager.class));
  }

  @ParameterizedTest
  @MethodSource("strays")
  void a_part_that_is_not_the_ledgers_own_stops_the_start(
      Class<?> stray, String part, Class<?> found) {
    assertThatThrownBy(() -> start(stray).close())
        .isInstanceOf(FailureAnalyzedException.class)
        .hasMessageContaining("Axon was not given the ledger's own parts:")
        .hasMessageContaining(part + ": expected ")
        .hasMessageContaining(", found " + found.getName());
    assertThat(epoch()).as("nobody took the ledger over").isZero();
  }

  @Test
  void the_ledgers_own_parts_start() {
    start(Object.class).close();

    assertThat(epoch()).isEqualTo(1);
  }

  private ConfigurableApplicationContext start(Class<?> stray) {
    RunningBincard servers = RunningBincard.shared();
    return new SpringApplicationBuilder(Bincard.class, stray)
        .run(
            "--server.port=0",
            "--bincard.ledger=" + ledger.name(),
            "--spring.datasource.url=" + servers.property("spring.datasource.url"),
            "--spring.datasource.username=" + servers.property("spring.datasource.username"),
            "--spring.flyway.user=" + servers.property("spring.flyway.user"),
            "--spring.data.redis.url=" + RunningBincard.redisOf(ledger.name()));
  }

  private long epoch() {
    return ledger.sql().sql("select epoch from ledger_head").query(Long.class).single();
  }
}
