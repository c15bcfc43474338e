package io.bincard.application.cluster;

import io.bincard.application.cluster.Leadership.Sight;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.CommandGroup;
import io.bincard.application.writer.Forwarding;
import io.bincard.application.writer.NotLeadingException;
import io.bincard.application.writer.OutcomeUnknownException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands to the node that leads, one hop over HTTP. While the leader changes it tries
 * again: a command that was sent and not answered may have happened, and its key says so to the
 * next leader.
 */
public final class CommandForwarder implements Forwarding, AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(CommandForwarder.class);

  private static final long LONGEST_PAUSE_MILLIS = 100;
  private static final int OK = 200;

  private final Leadership leadership;
  private final Duration forwardFor;
  private final Executor threads = task -> Thread.ofVirtual().name("command-forwarder").start(task);
  private final HttpClient http;

  public CommandForwarder(Leadership leadership, ClusterProperties settings) {
    this.leadership = leadership;
    this.forwardFor = settings.forwardFor();
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .executor(threads)
            .build();
  }

  @Override
  public CompletableFuture<List<Answer>> forward(
      CommandGroup group, boolean alone, BooleanSupplier leadsHere) {
    return CompletableFuture.supplyAsync(() -> untilAnswered(group, alone, leadsHere), threads);
  }

  private List<Answer> untilAnswered(CommandGroup group, boolean alone, BooleanSupplier leadsHere) {
    String lines = ForwardedLines.write(group, alone);
    long giveUpAt = System.nanoTime() + forwardFor.toNanos();
    Exception lost = null;
    while (!leadsHere.getAsBoolean()) {
      long left = giveUpAt - System.nanoTime();
      if (left <= 0) {
        throw lost == null
            ? new NotLeadingException("no node led the ledger within " + forwardFor)
            : new OutcomeUnknownException("the leader's answer was lost", lost);
      }
      Sight sight = leadership.sight();
      Leader leader = sight.leader();
      try {
        List<Answer> answers =
            leader == null ? null : ask(leader, sight.over(), lines, group.lines().size(), left);
        if (answers != null) {
          return answers;
        }
      } catch (ConnectException | HttpConnectTimeoutException e) {
        logger.atDebug().setCause(e).log("The leader does not answer the door");
      } catch (AnswerLostException e) {
        lost = e;
        logger.atDebug().setCause(e).log("An answer of the leader was lost; it is asked again");
      }
      LockSupport.parkNanos(
          Duration.ofMillis(1 + ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_MILLIS))
              .toNanos());
    }
    return List.of();
  }

  /** The commands reached the leader, or may have. */
  private static final class AnswerLostException extends Exception {
    AnswerLostException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The answers of {@code leader}; {@code null} if it does not lead and did nothing. */
  private @Nullable List<Answer> ask(
      Leader leader, CompletableFuture<Void> over, String lines, int expected, long nanos)
      throws ConnectException, HttpConnectTimeoutException, AnswerLostException {
    if (leader.url() == null) {
      return null;
    }
    CompletableFuture<HttpResponse<String>> sent =
        http.sendAsync(
            HttpRequest.newBuilder(leader.url().resolve(ForwardedLines.PATH))
                .timeout(Duration.ofNanos(nanos))
                .header(ForwardedLines.SECRET_HEADER, leader.secret())
                .POST(HttpRequest.BodyPublishers.ofString(lines))
                .build(),
            BodyHandlers.ofString());
    try {
      // A leader that was paused holds its connections; its successor must not wait for it.
      CompletableFuture.anyOf(sent, over).get(nanos, TimeUnit.NANOSECONDS);
      if (!sent.isDone()) {
        throw new AnswerLostException(leader + " was replaced", null);
      }
      HttpResponse<String> response = sent.get();
      if (response.statusCode() != OK) {
        return null;
      }
      List<Answer> answers = ForwardedLines.readAnswers(response.body().lines());
      if (answers.size() != expected) {
        throw new AnswerLostException(leader + " answered in part", null);
      }
      return answers;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ConnectException refused -> throw refused;
        case HttpConnectTimeoutException late -> throw late;
        case null, default ->
            throw new AnswerLostException("the connection to " + leader + " broke", e.getCause());
      }
    } catch (TimeoutException e) {
      throw new AnswerLostException(leader + " is silent", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AnswerLostException("interrupted", e);
    } finally {
      sent.cancel(true);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
