package io.bincard.application.cluster;

import io.bincard.application.cluster.Leadership.Sight;
import io.bincard.application.receipts.CommandKey;
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
import java.util.function.Supplier;
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

  /** How long a node that goes down looks for one that leads: it may be the only one. */
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How long who asks for a key waits for a leader. */
  private static final Duration ASK_FOR = Duration.ofSeconds(1);

  private final Leadership leadership;
  private final Duration forwardFor;
  private final ClusterMetrics metrics;
  private final Executor threads = task -> Thread.ofVirtual().name("command-forwarder").start(task);
  private final HttpClient http;

  public CommandForwarder(
      Leadership leadership, ClusterProperties settings, ClusterMetrics metrics) {
    this.metrics = metrics;
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
      CommandGroup group, boolean alone, Supplier<Standing> standing) {
    long began = System.nanoTime();
    int lines = group.lines().size();
    return CompletableFuture.supplyAsync(
            () -> {
              Reading<List<Answer>> answers = body -> readAnswers(body, lines);
              List<Answer> told =
                  untilAnswered(
                      ForwardedLines.PATH,
                      ForwardedLines.write(group, alone),
                      answers,
                      standing,
                      forwardFor);
              return told == null ? List.<Answer>of() : told;
            },
            threads)
        .whenComplete((told, failure) -> metrics.forwarded(lines, began, told, failure));
  }

  private static List<Answer> readAnswers(String body, int expected) throws AnswerLostException {
    List<Answer> answers = ForwardedLines.readAnswers(body.lines());
    if (answers.size() != expected) {
      throw new AnswerLostException("the leader answered in part", null);
    }
    return answers;
  }

  @Override
  public CompletableFuture<Boolean> isUnderWay(CommandKey key) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            Reading<Boolean> isUnderWay = Boolean::valueOf;
            return Boolean.TRUE.equals(
                untilAnswered(
                    ForwardedLines.KEY_PATH,
                    ForwardedLines.write(key),
                    isUnderWay,
                    () -> Standing.FOLLOWS,
                    ASK_FOR));
          } catch (OutcomeUnknownException e) {
            throw new NotLeadingException("the leader did not say");
          }
        },
        threads);
  }

  /** What the leader's answer means. */
  private interface Reading<T> {
    T of(String body) throws AnswerLostException;
  }

  /** What the leader answers to {@code body}; {@code null} if this node leads by now. */
  private <T> @Nullable T untilAnswered(
      String path,
      String body,
      Reading<T> reading,
      Supplier<Standing> standing,
      Duration patience) {
    long began = System.nanoTime();
    Exception lost = null;
    for (Standing now = standing.get(); now != Standing.LEADS; now = standing.get()) {
      long most = patience.toNanos();
      long left =
          began
              + (now == Standing.GOES_DOWN ? Math.min(most, LAST_NANOS) : most)
              - System.nanoTime();
      if (left <= 0) {
        throw lost == null
            ? new NotLeadingException("no node led the ledger in time")
            : new OutcomeUnknownException("the leader's answer was lost", lost);
      }
      Sight sight = leadership.sight();
      Leader leader = sight.leader();
      try {
        String answer = leader == null ? null : ask(leader, sight.over(), path, body, left);
        if (answer != null) {
          return reading.of(answer);
        }
      } catch (ConnectException | HttpConnectTimeoutException e) {
        logger.atDebug().setCause(e).log("The leader does not answer the door");
      } catch (AnswerLostException e) {
        lost = e;
        logger.atDebug().setCause(e).log("An answer of the leader was lost; it is asked again");
      }
      awaitNews(sight.over(), Math.min(left, pauseNanos()));
    }
    return null;
  }

  private static long pauseNanos() {
    return TimeUnit.MILLISECONDS.toNanos(
        1 + ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_MILLIS));
  }

  /** Waits until somebody else is seen to lead, or {@code nanos}. */
  private static void awaitNews(CompletableFuture<Void> over, long nanos) {
    try {
      over.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      logger.atTrace().setCause(e).log("The same node leads, as far as this one knows");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The commands reached the leader, or may have. */
  private static final class AnswerLostException extends Exception {
    AnswerLostException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The answer of {@code leader}; {@code null} if it does not lead and did nothing. */
  private @Nullable String ask(
      Leader leader, CompletableFuture<Void> over, String path, String body, long nanos)
      throws ConnectException, HttpConnectTimeoutException, AnswerLostException {
    if (leader.url() == null) {
      return null;
    }
    CompletableFuture<HttpResponse<String>> sent =
        http.sendAsync(
            HttpRequest.newBuilder(leader.url().resolve(path))
                .timeout(Duration.ofNanos(nanos))
                .header(ForwardedLines.SECRET_HEADER, leader.secret())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    try {
      // A leader that was paused holds its connections; its successor must not wait for it.
      CompletableFuture.anyOf(sent, over).get(nanos, TimeUnit.NANOSECONDS);
      if (!sent.isDone()) {
        throw new AnswerLostException(leader + " was replaced", null);
      }
      HttpResponse<String> response = sent.get();
      return response.statusCode() == OK ? response.body() : null;
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
