package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.CommandGroup;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.OnError;
import io.bincard.domain.LedgerCommand;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.stock.ExpectedVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One batch request on its way through the writer.
 *
 * <p>The request's thread reads lines and sends them in groups; another one writes the answers, in
 * order, as they come. A sender that reads its answers while it sends can stream without end: a few
 * groups are in memory, never the request.
 */
final class CommandBatch {

  private static final Logger logger = LoggerFactory.getLogger(CommandBatch.class);

  private final CommandGateway gateway;
  private final ApiProperties limits;
  private final OnError policy;
  private final @Nullable ReleaseStage stage;
  private final @Nullable String traceParent;
  private final LineReader lines;
  private long lineNumber;
  private @Nullable Problem broken;

  /** A line as it came: a command, or the reason why it is none. */
  private sealed interface Line {
    record Command(String key, long number, CommandMessage<LedgerCommand> message)
        implements Line {}

    record Invalid(@Nullable String key, long number, Problem problem) implements Line {}
  }

  /** Lines that went together and what will answer their commands. */
  private record Sent(List<Line> lines, CompletableFuture<List<Answer>> answers) {}

  private static final Sent END = new Sent(List.of(), CompletableFuture.completedFuture(List.of()));

  /** Opens the answer; until then the request can still be refused as a whole. */
  interface Output {
    OutputStream open() throws IOException;
  }

  CommandBatch(
      CommandGateway gateway,
      ApiProperties limits,
      OnError policy,
      @Nullable ReleaseStage stage,
      @Nullable String traceParent,
      LineReader lines) {
    this.gateway = gateway;
    this.limits = limits;
    this.policy = policy;
    this.stage = stage;
    this.traceParent = traceParent;
    this.lines = lines;
  }

  /**
   * Runs the lines and answers them.
   *
   * @throws InvalidRequestException if the request is refused as a whole; nothing ran
   * @throws IOException if the answer cannot be written; what ran stands
   */
  void run(Output output) throws IOException, InterruptedException {
    if (policy == OnError.ATOMIC) {
      runAtomic(output);
    } else {
      stream(output);
    }
  }

  // All lines or none

  private void runAtomic(Output output) throws IOException, InterruptedException {
    List<Line> all = new ArrayList<>();
    for (Line line = read(); line != null; line = read()) {
      if (broken != null) {
        throw new InvalidRequestException(broken);
      }
      all.add(line);
      if (all.size() > limits.maxAtomicLines()) {
        throw new InvalidRequestException(
            Problem.of(
                ProblemType.TOO_MANY_LINES,
                "an atomic batch has at most " + limits.maxAtomicLines() + " lines"));
      }
    }
    boolean invalid = all.stream().anyMatch(Line.Invalid.class::isInstance);
    Sent sent = invalid ? skipped(all) : send(all, all.stream());
    List<Answer> answers = await(sent);
    write(output.open(), sent.lines(), answers);
  }

  // Line by line

  private void stream(Output output) throws IOException, InterruptedException {
    List<Line> first = nextGroup();
    if (broken != null && first.size() == 1) {
      throw new InvalidRequestException(broken);
    }
    BlockingQueue<Sent> underWay = new ArrayBlockingQueue<>(limits.groupsInFlight());
    AnswerWriter writer = new AnswerWriter(underWay, output.open());
    Thread thread = Thread.ofVirtual().name("batch-answers").start(writer);
    try {
      boolean stopped = false;
      for (List<Line> group = first; !group.isEmpty() && !writer.hasFailed(); group = nextGroup()) {
        Sent sent = stopped ? skipped(group) : sendUntilInvalid(group);
        offer(underWay, sent, writer);
        if (policy == OnError.STOP && !stopped) {
          stopped = hasFailure(sent);
        }
      }
    } finally {
      offer(underWay, END, writer);
      thread.join();
    }
    writer.rethrow();
  }

  private static void offer(BlockingQueue<Sent> underWay, Sent sent, AnswerWriter writer)
      throws InterruptedException {
    boolean taken;
    do { // a sender that reads slowly slows the reading of its lines, and nobody else
      taken = underWay.offer(sent, 100, TimeUnit.MILLISECONDS);
    } while (!taken && !writer.hasFailed());
  }

  /** The lines that are at hand, at least one unless the request is over. */
  private List<Line> nextGroup() {
    List<Line> group = new ArrayList<>();
    do {
      Line line = read();
      if (line == null) {
        return group;
      }
      group.add(line);
    } while (group.size() < limits.linesPerGroup() && lines.hasLineAtHand());
    return group;
  }

  private boolean hasFailure(Sent sent) throws InterruptedException {
    return sent.lines().stream().anyMatch(Line.Invalid.class::isInstance)
        || await(sent).stream()
            .anyMatch(answer -> !(answer instanceof Answer.Told told && told.outcome().isDone()));
  }

  /** Under {@code stop} nothing behind the first invalid line is sent. */
  private Sent sendUntilInvalid(List<Line> group) {
    return policy == OnError.CONTINUE
        ? send(group, group.stream())
        : send(group, group.stream().takeWhile(Line.Command.class::isInstance));
  }

  private static Sent skipped(List<Line> group) {
    return new Sent(
        group,
        CompletableFuture.completedFuture(Collections.nCopies(group.size(), new Answer.Skipped())));
  }

  private Sent send(List<Line> group, Stream<Line> toRun) {
    List<CommandMessage<?>> commands =
        toRun
            .filter(Line.Command.class::isInstance)
            .<CommandMessage<?>>map(line -> ((Line.Command) line).message())
            .toList();
    CompletableFuture<List<Answer>> told =
        commands.isEmpty()
            ? CompletableFuture.completedFuture(List.of())
            : gateway.send(
                new GenericCommandMessage<>(
                    new CommandGroup(commands, policy), Map.of(KeyedCommands.SEQUENCE, this)));
    return new Sent(group, told.thenApply(answers -> oneALine(group, answers)));
  }

  /** Spreads the answers of the commands over all lines; a line without one was skipped. */
  private static List<Answer> oneALine(List<Line> group, List<Answer> told) {
    Iterator<Answer> answers = told.iterator();
    return group.stream()
        .map(
            line ->
                line instanceof Line.Command && answers.hasNext()
                    ? answers.next()
                    : new Answer.Skipped())
        .toList();
  }

  // Lines in

  /**
   * The next line, {@code null} at the end. Where the body breaks, that is the last line: those
   * before it came whole and count.
   */
  private @Nullable Line read() {
    if (broken != null) {
      return null;
    }
    LineReader.Line raw;
    try {
      raw = lines.next();
    } catch (UnreadableBodyException e) {
      return breakAt(e.problem());
    } catch (IOException e) {
      logger.atDebug().setCause(e).log("A batch broke off");
      return breakAt(RequestBody.incomplete());
    }
    if (raw == null) {
      return null;
    }
    lineNumber++;
    String key = null;
    try {
      if (raw.tooLong()) {
        throw new InvalidRequestException(
            Problem.of(
                ProblemType.LINE_TOO_LONG,
                "a line has at most " + limits.maxLine().toBytes() + " bytes"));
      }
      ObjectNode members = StrictJson.parse(raw.bytes());
      JsonNode keyNode = members.remove("key");
      if (keyNode == null || !keyNode.isString()) {
        throw new InvalidRequestException(
            Problem.of(ProblemType.IDEMPOTENCY_KEY_MISSING, "every line needs a key, a string"));
      }
      CommandKey commandKey = RequestHeaders.key(keyNode.asString());
      key = commandKey.key();
      CommandForm form = CommandForm.of(members.remove("type"));
      LedgerCommand command = form.read(members, stage);
      return new Line.Command(
          key,
          lineNumber,
          CommandDesk.message(form.type(), command, commandKey, ExpectedVersion.ANY, traceParent));
    } catch (InvalidRequestException e) {
      return new Line.Invalid(key, lineNumber, e.problem());
    }
  }

  private Line breakAt(Problem problem) {
    broken = problem;
    lineNumber++;
    return new Line.Invalid(null, lineNumber, problem);
  }

  // Answers out

  private List<Answer> await(Sent sent) throws InterruptedException {
    try {
      return sent.answers().get(limits.answerTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return failed(sent, new CommandDesk.AnswerTimeoutException(limits.answerTimeout()));
    } catch (ExecutionException e) {
      return failed(
          sent,
          e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause()));
    }
  }

  private static List<Answer> failed(Sent sent, RuntimeException cause) {
    return Collections.nCopies(sent.lines().size(), new Answer.Failed(cause));
  }

  private static void write(OutputStream out, List<Line> lines, List<Answer> answers)
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(
              switch (lines.get(i)) {
                case Line.Invalid(String key, long number, Problem problem) ->
                    AnswerLine.invalid(key, number, problem);
                case Line.Command command -> answerLine(command, answers.get(i));
              })
          .append('\n');
    }
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String answerLine(Line.Command line, Answer answer) {
    return switch (answer) {
      case Answer.Told(Outcome outcome, boolean replayed) ->
          AnswerLine.told(line.key(), outcome, replayed);
      case Answer.KeyReused reused ->
          AnswerLine.invalid(line.key(), line.number(), CommandCounter.keyReused());
      case Answer.KeyExpired expired ->
          AnswerLine.invalid(line.key(), line.number(), CommandCounter.keyExpired());
      case Answer.KeyAhead ahead ->
          AnswerLine.invalid(line.key(), line.number(), CommandCounter.keyAhead());
      case Answer.Skipped skipped -> AnswerLine.skipped(line.key());
      case Answer.Failed(RuntimeException cause) -> {
        Problem problem = Problems.of(cause);
        yield AnswerLine.unknown(
            line.key(), line.number(), problem == null ? Problems.internal() : problem);
      }
    };
  }

  /** Writes the answers of each group when they are there. */
  private final class AnswerWriter implements Runnable {

    private final BlockingQueue<Sent> underWay;
    private final OutputStream out;
    private volatile @Nullable Exception failure;

    AnswerWriter(BlockingQueue<Sent> underWay, OutputStream out) {
      this.underWay = underWay;
      this.out = out;
    }

    @Override
    public void run() {
      try {
        for (Sent sent = underWay.take(); !sent.lines().isEmpty(); sent = underWay.take()) {
          write(out, sent.lines(), await(sent));
        }
      } catch (IOException | RuntimeException e) {
        failure = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = e;
      }
    }

    boolean hasFailed() {
      return failure != null;
    }

    void rethrow() throws IOException {
      Exception failed = failure;
      if (failed != null) {
        throw new IOException("the answers cannot be written", failed);
      }
    }
  }
}
