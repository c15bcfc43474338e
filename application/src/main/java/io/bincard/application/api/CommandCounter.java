package io.bincard.application.api;

import io.bincard.application.api.Members.Violation;
import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Answer;
import io.bincard.domain.LedgerCommand;
import io.bincard.domain.stock.ExpectedVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where the routes of single commands hand in what they are asked: reads a request by its form,
 * takes the command to the desk and its outcome to the response.
 */
final class CommandCounter {

  private final CommandDesk desk;
  private final ApiProperties limits;

  CommandCounter(CommandDesk desk, ApiProperties limits) {
    this.desk = desk;
    this.limits = limits;
  }

  /**
   * A command whose members are in the body.
   *
   * @param named the member that the path names, {@code null} for none
   * @param value what the path says of it
   */
  ResponseEntity<String> takeBody(
      CommandForm form,
      HttpServletRequest request,
      @Nullable Field<?> named,
      @Nullable String value)
      throws InterruptedException {
    CommandKey key = RequestHeaders.key(request);
    RequestParameters.allowOnly(request, Set.of());
    return take(
        form, key, RequestBody.read(request, limits.maxBodyOf(form)), named, value, request);
  }

  /** A command whose members are parameters of the query: a DELETE has no body. */
  ResponseEntity<String> takeQuery(
      CommandForm form,
      HttpServletRequest request,
      @Nullable Field<?> named,
      @Nullable String value)
      throws InterruptedException {
    CommandKey key = RequestHeaders.key(request);
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    RequestParameters.of(request).forEach(parameters::put);
    return take(form, key, parameters, named, value, request);
  }

  /** The path names a member; a body that names it too is refused rather than overruled. */
  private static void name(ObjectNode members, Field<?> named, @Nullable String value) {
    if (members.has(named.name())) {
      throw CommandForm.invalid(
          List.of(new Violation("/" + named.name(), "stands in the path and not in the body")));
    }
    members.put(named.name(), value);
  }

  private ResponseEntity<String> take(
      CommandForm form,
      CommandKey key,
      ObjectNode members,
      @Nullable Field<?> named,
      @Nullable String value,
      HttpServletRequest request)
      throws InterruptedException {
    if (named != null) {
      name(members, named, value);
    }
    ExpectedVersion expected = RequestHeaders.expectedVersion(request);
    if (expected instanceof ExpectedVersion.Exactly && !form.takesVersion()) {
      throw new InvalidRequestException(
          Problem.of(
              ProblemType.NOTHING_TO_MATCH,
              form.type() + " is not about one thing with a version"));
    }
    LedgerCommand command = form.read(members, RequestHeaders.releaseStage(request));
    return switch (desk.handIn(
        CommandDesk.message(
            form.type(), command, key, expected, RequestHeaders.traceParent(request)))) {
      case Answer.Told(Outcome outcome, boolean replayed) -> {
        ResponseEntity.BodyBuilder response =
            ResponseEntity.status(outcome.status())
                .contentType(
                    outcome.isDone()
                        ? MediaType.APPLICATION_JSON
                        : MediaType.APPLICATION_PROBLEM_JSON);
        if (replayed) {
          response.header(RequestHeaders.IDEMPOTENCY_REPLAYED, "true");
        }
        yield response.body(outcome.body());
      }
      case Answer.KeyReused reused -> throw new InvalidRequestException(keyReused());
      case Answer.KeyExpired expired -> throw new InvalidRequestException(keyExpired());
      case Answer.KeyAhead ahead -> throw new InvalidRequestException(keyAhead());
      case Answer.Skipped skipped ->
          throw new IllegalStateException("a command on its own is never skipped");
      case Answer.Failed(RuntimeException cause) -> throw cause;
    };
  }

  static Problem keyReused() {
    return Problem.of(
        ProblemType.IDEMPOTENCY_KEY_REUSED,
        "this key was used for another command; use a new key for a new command");
  }

  static Problem keyExpired() {
    return Problem.of(
        ProblemType.IDEMPOTENCY_KEY_EXPIRED,
        "answers are not kept as long as this key is old; nothing was done");
  }

  static Problem keyAhead() {
    return Problem.of(
        ProblemType.IDEMPOTENCY_KEY_AHEAD,
        "the time in this key is too far in the future; nothing was done");
  }
}
