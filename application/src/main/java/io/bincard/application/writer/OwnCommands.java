package io.bincard.application.writer;

import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.domain.LedgerCommand;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.LedgerUnavailableException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Commands that the ledger gives itself from any node, each waited for. Safe for many threads. */
public final class OwnCommands {

  /** As long as a command may take before its sender gives up. */
  private static final long ANSWER_SECONDS = 10;

  private final CommandGateway gateway;

  public OwnCommands(CommandGateway gateway) {
    this.gateway = gateway;
  }

  /**
   * What {@code command} was told, after its commit.
   *
   * @param type its name in kebab case
   * @param key of the ledger's own; sent twice it is told the same
   * @throws LedgerUnavailableException if that is not known
   */
  public Outcome send(String type, LedgerCommand command, String key) {
    try {
      Answer answer =
          gateway
              .<Answer>send(
                  KeyedCommands.message(
                      command,
                      CommandKey.ofLedger(key),
                      Fingerprint.of(type, LedgerJson.write(command)),
                      ExpectedVersion.ANY,
                      null))
              .get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return switch (answer) {
        case Answer.Told told -> told.outcome();
        case Answer.Failed failed ->
            throw new LedgerUnavailableException("a command's outcome is unknown", failed.cause());
        case Answer.KeyReused _, Answer.KeyExpired _, Answer.KeyAhead _, Answer.Skipped _ ->
            throw new IllegalStateException("a key of the ledger's own was refused: " + answer);
      };
    } catch (ExecutionException | TimeoutException e) {
      throw new LedgerUnavailableException("a command's outcome is unknown", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("a command's outcome was not waited for", e);
    }
  }
}
