package io.bincard.application.api;

import io.bincard.application.cluster.ForwardedLines;
import io.bincard.application.cluster.ForwardedLines.Head;
import io.bincard.application.cluster.ForwardedLines.Line;
import io.bincard.application.cluster.Leadership;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.CommandGroup;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.NotLeadingException;
import io.bincard.application.writer.OutcomeUnknownException;
import io.bincard.application.writer.SingleWriterCommandBus;
import io.bincard.application.writer.SingleWriterCommandBus.WriterStoppedException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Commands that another node sends on to this one, which leads. Whoever is no node of this ledger
 * finds no route here.
 */
@RestController
final class ForwardedCommandController {

  private final CommandGateway gateway;
  private final SingleWriterCommandBus writer;
  private final Leadership leadership;
  private final ApiProperties limits;

  ForwardedCommandController(
      CommandGateway gateway,
      SingleWriterCommandBus writer,
      Leadership leadership,
      ApiProperties limits) {
    this.gateway = gateway;
    this.writer = writer;
    this.leadership = leadership;
    this.limits = limits;
  }

  @RequestMapping(ForwardedLines.PATH)
  ResponseEntity<String> run(HttpServletRequest request) throws IOException, InterruptedException {
    requireNode(request);
    List<String> text = lines(request);
    Head head = ForwardedLines.readHead(text.getFirst());
    List<CommandMessage<?>> messages =
        text.stream()
            .skip(1)
            .<CommandMessage<?>>map(line -> message(ForwardedLines.readLine(line)))
            .toList();
    Map<String, Object> forwarded = Map.of(KeyedCommands.FORWARDED, true);
    CompletableFuture<List<Answer>> told =
        head.alone()
            ? gateway.<Answer>send(messages.getFirst().andMetaData(forwarded)).thenApply(List::of)
            : gateway.send(
                new GenericCommandMessage<>(new CommandGroup(messages, head.onError()), forwarded));
    List<Answer> answers = await(told, messages.size());
    return answers.stream().anyMatch(ForwardedCommandController::didNothing)
        ? ResponseEntity.status(ForwardedLines.NOT_LEADING).build()
        : ResponseEntity.ok()
            .contentType(MediaType.parseMediaType(CommandBatchController.NDJSON))
            .body(ForwardedLines.write(answers));
  }

  /** Whether a key is that of a command which is under way here. */
  @RequestMapping(ForwardedLines.KEY_PATH)
  ResponseEntity<String> isUnderWay(HttpServletRequest request)
      throws IOException, InterruptedException {
    requireNode(request);
    if (writer.isFollowing()) {
      return ResponseEntity.status(ForwardedLines.NOT_LEADING).build();
    }
    return ResponseEntity.ok(
        Boolean.toString(writer.isUnderWay(ForwardedLines.readKey(lines(request).getFirst()))));
  }

  private void requireNode(HttpServletRequest request) {
    String secret = request.getHeader(ForwardedLines.SECRET_HEADER);
    if (secret == null || !leadership.isFromANode(secret)) {
      throw new InvalidRequestException(Problems.ofStatus(HttpStatus.NOT_FOUND.value()));
    }
  }

  private static List<String> lines(HttpServletRequest request) throws IOException {
    try (BufferedReader body =
        new BufferedReader(
            new InputStreamReader(request.getInputStream(), StandardCharsets.UTF_8))) {
      return body.lines().toList();
    }
  }

  private static CommandMessage<?> message(Line line) {
    CommandForm form = CommandForm.of(line.type());
    return CommandDesk.message(
        form.type(),
        form.read(line.command(), null),
        line.key(),
        line.expected(),
        line.traceParent());
  }

  /** Another node leads, or this one goes down: it is to be asked elsewhere. */
  private static boolean didNothing(Answer answer) {
    return answer instanceof Answer.Failed(RuntimeException cause)
        && (cause instanceof NotLeadingException || cause instanceof WriterStoppedException);
  }

  private List<Answer> await(CompletableFuture<List<Answer>> told, int lines)
      throws InterruptedException {
    try {
      return told.get(limits.answerTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return failed(lines, new OutcomeUnknownException("no answer in time", e));
    } catch (ExecutionException e) {
      return failed(
          lines,
          e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause()));
    }
  }

  private static List<Answer> failed(int lines, RuntimeException cause) {
    return Collections.nCopies(lines, new Answer.Failed(cause));
  }
}
