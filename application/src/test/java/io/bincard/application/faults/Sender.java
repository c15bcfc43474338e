package io.bincard.application.faults;

import io.bincard.application.history.Command;
import io.bincard.application.history.History;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Sends commands and writes down what was sent and told. Threads may share it. */
final class Sender implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String PROBLEM = ",\"problem\":";

  private final History history;
  private final LongAdder busy = new LongAdder();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  Sender(History history) {
    this.history = history;
  }

  /** What became of an attempt. */
  enum Answer {
    DONE,
    REFUSED,
    /** 503 and when to ask again: not now. */
    BUSY,
    /** No answer, or that of a twin under way. */
    UNKNOWN;

    boolean isDefinite() {
      return this == DONE || this == REFUSED;
    }
  }

  /**
   * Sends {@code command} until the answer is definite.
   *
   * @param server asked before every attempt
   */
  Answer tell(Supplier<URI> server, Command command) {
    Answer answer = send(server.get(), command);
    while (!answer.isDefinite()) {
      pause();
      answer = send(server.get(), command);
    }
    return answer;
  }

  /**
   * Sends a command that places a hold until the answer is definite.
   *
   * @return the hold as its sender is told it; a missing node if it was refused
   */
  JsonNode place(Supplier<URI> server, Command command) {
    String told = tell(server, command) == Answer.DONE ? history.bodyTo(command.key()) : null;
    return told == null
        ? MissingNode.getInstance()
        : JsonMapper.shared().readTree(told).path("hold");
  }

  /** How many answers were: not now. */
  long busy() {
    return busy.sum();
  }

  /** Sends {@code command} once. */
  Answer send(URI server, Command command) {
    history.sends(command);
    HttpResponse<String> answer =
        exchange(
            HttpRequest.newBuilder(server.resolve(command.path()))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", command.key())
                .method(command.method(), BodyPublishers.ofString(command.body())));
    if (answer == null || answer.body().contains("/problems/request-in-progress")) {
      return Answer.UNKNOWN;
    }
    return switch (answer.statusCode()) {
      case 503 -> {
        busy.increment();
        yield Answer.BUSY;
      }
      case 200, 201, 404, 409 -> {
        if (answer.statusCode() == 404
            && !answer.body().contains("/problems/discount-not-")
            && !answer.body().contains("/problems/unknown-hold")) {
          throw new AssertionError(answer.body());
        }
        history.isTold(
            command.key(),
            answer.statusCode(),
            answer.body(),
            answer.headers().firstValue("Idempotency-Replayed").isPresent());
        yield answer.statusCode() < 300 ? Answer.DONE : Answer.REFUSED;
      }
      default -> throw new AssertionError(answer.statusCode() + ": " + answer.body());
    };
  }

  /**
   * Sends {@code commands} as one atomic batch, once.
   *
   * @return what became of each: {@code done}, {@code rejected} or {@code skipped}; empty if that
   *     is not known
   */
  List<String> sendAtomic(URI server, List<Command> commands) {
    commands.forEach(history::sends);
    HttpResponse<String> answer =
        exchange(
            HttpRequest.newBuilder(server.resolve("/v1/commands?onError=atomic"))
                .header("Content-Type", "application/x-ndjson")
                .POST(
                    BodyPublishers.ofString(
                        commands.stream().map(Command::line).collect(Collectors.joining("\n")))));
    if (answer == null) {
      return List.of();
    }
    return switch (answer.statusCode()) {
      case 200 -> answer.body().lines().map(this::told).toList();
      case 503 -> List.of();
      default -> throw new AssertionError(answer.statusCode() + ": " + answer.body());
    };
  }

  private String told(String line) {
    JsonNode answer = JsonMapper.shared().readTree(line);
    String key = answer.path("key").asString();
    String status = answer.path("status").asString();
    boolean replayed = answer.path("replayed").asBoolean(false);
    if (status.equals("done")) {
      history.isTold(key, 201, line.replace(",\"replayed\":true", ""), replayed);
    } else if (status.equals("rejected")) {
      int begin = line.indexOf(PROBLEM) + PROBLEM.length();
      int end = line.indexOf(",\"replayed\":true", begin);
      history.isTold(key, 409, line.substring(begin, end < 0 ? line.length() - 1 : end), replayed);
    }
    return status;
  }

  /** Nobody knows what an answer that did not come would have said. */
  private @Nullable HttpResponse<String> exchange(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
      if (answer.statusCode() == 503 && answer.headers().firstValue("Retry-After").isEmpty()) {
        history.isWrong("503 without Retry-After: " + answer.body());
      }
      return answer;
    } catch (IOException unknown) {
      return null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits a little before the next attempt. */
  static void pause() {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(5_000_000, 50_000_000));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
