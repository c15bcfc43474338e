package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.domain.LedgerCommand;
import io.bincard.domain.stock.ExpectedVersion;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;

/**
 * Where a single command is handed in and waited for. A twin, same key at the same time, waits for
 * the first one's answer.
 */
final class CommandDesk {

  private final CommandGateway gateway;
  private final Duration answerTimeout;
  private final Duration twinTimeout;
  private final ConcurrentMap<CommandKey, UnderWay> underWay = new ConcurrentHashMap<>();

  private record Conditional(LedgerCommand command, long expectedVersion) {}

  private record UnderWay(Fingerprint fingerprint, CompletableFuture<Answer> answer) {}

  CommandDesk(CommandGateway gateway, ApiProperties limits) {
    this.gateway = gateway;
    this.answerTimeout = limits.answerTimeout();
    this.twinTimeout = limits.twinTimeout();
  }

  /**
   * The message that {@code command} travels in; its fingerprint says what the key stands for from
   * now on.
   */
  static CommandMessage<LedgerCommand> message(
      String type,
      LedgerCommand command,
      CommandKey key,
      ExpectedVersion expected,
      @Nullable String traceParent) {
    Object canonical =
        expected instanceof ExpectedVersion.Exactly(long version)
            ? new Conditional(command, version)
            : command;
    return KeyedCommands.message(
        command, key, Fingerprint.of(type, LedgerJson.write(canonical)), expected, traceParent);
  }

  /**
   * The answer to {@code message}, after its commit.
   *
   * @throws InvalidRequestException with {@code request-in-progress} if a twin takes too long
   * @throws RuntimeException what the writer failed with, or {@link AnswerTimeoutException}
   */
  Answer handIn(CommandMessage<LedgerCommand> message) throws InterruptedException {
    CommandKey key = KeyedCommands.keyOf(message);
    UnderWay mine = new UnderWay(KeyedCommands.fingerprintOf(message), new CompletableFuture<>());
    UnderWay twin = underWay.putIfAbsent(key, mine);
    if (twin != null) {
      return twin.fingerprint().equals(mine.fingerprint()) ? await(twin) : new Answer.KeyReused();
    }
    CompletableFuture<Answer> told = gateway.send(message);
    told.whenComplete(
            (answer, failure) -> {
              underWay.remove(key, mine);
              if (failure == null) {
                mine.answer().complete(answer);
              } else {
                mine.answer().completeExceptionally(failure);
              }
            })
        .exceptionally(failure -> null); // the failure goes on through mine
    try {
      return answerOf(mine, answerTimeout);
    } catch (TimeoutException e) {
      throw new AnswerTimeoutException(answerTimeout);
    }
  }

  private Answer await(UnderWay twin) throws InterruptedException {
    try {
      Answer answer = answerOf(twin, twinTimeout);
      return answer instanceof Answer.Told told ? new Answer.Told(told.outcome(), true) : answer;
    } catch (TimeoutException e) {
      throw new InvalidRequestException(
          Problem.of(
              ProblemType.REQUEST_IN_PROGRESS,
              "a request with this key is under way; ask again in a moment"));
    }
  }

  private static Answer answerOf(UnderWay request, Duration timeout)
      throws InterruptedException, TimeoutException {
    try {
      return request.answer().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }

  /** Whether a command with {@code key} is under way on this node. */
  boolean isUnderWay(CommandKey key) {
    return underWay.containsKey(key);
  }

  /** The writer did not answer in time; the command may still happen. */
  static final class AnswerTimeoutException extends RuntimeException {
    AnswerTimeoutException(Duration timeout) {
      super("no answer within " + timeout);
    }
  }
}
