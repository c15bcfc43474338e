package io.bincard.application;

import static java.util.stream.Collectors.joining;

import io.bincard.application.journal.DeliveryTokenStore;
import io.bincard.application.journal.JournalEngine;
import io.bincard.application.journal.JournalEventStore;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.writer.SingleWriterCommandBus;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Refuses to start on parts other than the ledger's own. Axon takes what it finds and puts parts in
 * memory where it finds none, and a ledger in memory starts as green as any.
 *
 * <p>Looks where Axon's processors look, in Axon's configuration, when all beans are there and
 * before the writer starts.
 */
final class LedgerGuard implements SmartInitializingSingleton {

  private final Configuration axon;

  LedgerGuard(Configuration axon) {
    this.axon = axon;
  }

  /** A part as it must be and as it is. */
  private record Part(String name, Class<?> expected, @Nullable Object found) {

    boolean isWrong() {
      return found == null || found.getClass() != expected;
    }

    @Override
    public String toString() {
      return "%s: expected %s, found %s"
          .formatted(name, expected.getName(), found == null ? "none" : found.getClass().getName());
    }
  }

  /**
   * @throws FailureAnalyzedException naming every part of the wrong class, with the right one
   */
  @Override
  public void afterSingletonsInstantiated() {
    List<Part> wrong = parts().stream().filter(Part::isWrong).toList();
    if (!wrong.isEmpty()) {
      throw new FailureAnalyzedException(
          wrong.stream()
              .map(Part::toString)
              .collect(joining("\n  ", "Axon was not given the ledger's own parts:\n  ", "")),
          "Remove the beans that stand in the way. Without the ledger's own parts, what is"
              + " acknowledged would not be stored.");
    }
  }

  private List<Part> parts() {
    List<Part> parts =
        new ArrayList<>(
            List.of(
                new Part("command bus", SingleWriterCommandBus.class, axon.commandBus()),
                new Part("command gateway", DefaultCommandGateway.class, axon.commandGateway()),
                new Part("event bus", JournalEventStore.class, axon.eventBus()),
                part("event storage engine", JournalEngine.class, EventStorageEngine.class),
                new Part("event serializer", JournalSerializer.class, axon.eventSerializer()),
                new Part("message serializer", Jackson3Serializer.class, axon.messageSerializer()),
                new Part("default serializer", Jackson3Serializer.class, axon.serializer()),
                part("token store", DeliveryTokenStore.class, TokenStore.class),
                part(
                    "transaction manager",
                    SpringTransactionManager.class,
                    TransactionManager.class),
                part(
                    "connection provider",
                    SpringDataSourceConnectionProvider.class,
                    ConnectionProvider.class)));
    EventProcessingConfiguration processing = axon.eventProcessingConfiguration();
    for (String processor : processing.eventProcessors().keySet()) {
      parts.add(
          new Part(
              "token store of " + processor,
              DeliveryTokenStore.class,
              processing.tokenStore(processor)));
      parts.add(
          new Part(
              "transaction manager of " + processor,
              SpringTransactionManager.class,
              processing.transactionManager(processor)));
    }
    return parts;
  }

  private Part part(String name, Class<?> expected, Class<?> type) {
    return new Part(name, expected, axon.getComponent(type));
  }
}
