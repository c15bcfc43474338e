package io.bincard.application.cluster;

import static java.util.Objects.requireNonNullElse;

import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.CommandGroup;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.LedgerBusyException;
import io.bincard.application.writer.OnError;
import io.bincard.application.writer.OutcomeUnknownException;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.ExpectedVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A group of commands and its answers as they go from node to node: one JSON object a line, first
 * of all one for the group. Nodes of neighbouring versions speak it, so members are only ever
 * added.
 */
public final class ForwardedLines {

  /** The route that takes them. */
  public static final String PATH = "/internal/commands";

  /** The route that is asked whether a key is under way; answers {@code true} or not. */
  public static final String KEY_PATH = PATH + "/key";

  /** The header that proves where they come from. */
  public static final String SECRET_HEADER = "Bincard-Node";

  /** The status of a node that does not lead: Misdirected Request. */
  public static final int NOT_LEADING = 421;

  private static final String ON_ERROR = "onError";
  private static final String ALONE = "alone";
  private static final String TENANT = "tenant";
  private static final String CLIENT = "client";
  private static final String KEY = "key";
  private static final String TYPE = "type";
  private static final String COMMAND = "command";
  private static final String EXPECTED_VERSION = "expectedVersion";
  private static final String ANSWER = "answer";
  private static final String STATUS = "status";
  private static final String BODY = "body";
  private static final String REPLAYED = "replayed";
  private static final String DETAIL = "detail";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern WORD_BEGIN = Pattern.compile("(?<=[a-z])(?=[A-Z])");

  /** How a command was answered. */
  private enum Kind {
    TOLD,
    KEY_REUSED,
    KEY_EXPIRED,
    KEY_AHEAD,
    SKIPPED,
    BUSY,
    UNKNOWN,
    INVALID_VALUE,
    FAILED
  }

  private ForwardedLines() {}

  /** What stands before the commands of a group. */
  public record Head(OnError onError, boolean alone) {}

  /**
   * One command.
   *
   * @param type in kebab case
   * @param command its members
   */
  public record Line(
      CommandKey key,
      String type,
      ObjectNode command,
      ExpectedVersion expected,
      @Nullable String traceParent) {}

  static String write(CommandGroup group, boolean alone) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put(ON_ERROR, group.onError());
    head.put(ALONE, alone);
    StringBuilder lines = new StringBuilder(LedgerJson.write(head)).append('\n');
    group.lines().forEach(line -> lines.append(write(line)).append('\n'));
    return lines.toString();
  }

  static String write(CommandKey key) {
    return LedgerJson.write(membersOf(key));
  }

  private static Map<String, Object> membersOf(CommandKey key) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(TENANT, key.tenant());
    line.put(CLIENT, key.client());
    line.put(KEY, key.key());
    return line;
  }

  private static String write(CommandMessage<?> message) {
    Map<String, Object> line = membersOf(KeyedCommands.keyOf(message));
    line.put(TYPE, typeOf(message.getPayloadType()));
    line.put(COMMAND, message.getPayload());
    if (KeyedCommands.expectedVersionOf(message.getMetaData())
        instanceof ExpectedVersion.Exactly(long version)) {
      line.put(EXPECTED_VERSION, version);
    }
    Object traceParent = message.getMetaData().get(KeyedCommands.TRACE_PARENT);
    if (traceParent != null) {
      line.put(KeyedCommands.TRACE_PARENT, traceParent);
    }
    return LedgerJson.write(line);
  }

  private static String typeOf(Class<?> command) {
    return WORD_BEGIN.matcher(command.getSimpleName()).replaceAll("-").toLowerCase(Locale.ROOT);
  }

  public static Head readHead(String json) {
    JsonNode head = JSON.readTree(json);
    return new Head(OnError.valueOf(head.path(ON_ERROR).asString()), head.path(ALONE).asBoolean());
  }

  public static CommandKey readKey(String json) {
    return keyOf(JSON.readTree(json));
  }

  private static CommandKey keyOf(JsonNode line) {
    return new CommandKey(
        line.path(TENANT).asString(), line.path(CLIENT).asString(), line.path(KEY).asString());
  }

  public static Line readLine(String json) {
    JsonNode line = JSON.readTree(json);
    return new Line(
        keyOf(line),
        line.path(TYPE).asString(),
        (ObjectNode) line.path(COMMAND),
        line.has(EXPECTED_VERSION)
            ? new ExpectedVersion.Exactly(line.path(EXPECTED_VERSION).asLong())
            : ExpectedVersion.ANY,
        line.has(KeyedCommands.TRACE_PARENT)
            ? line.path(KeyedCommands.TRACE_PARENT).asString()
            : null);
  }

  /** The answers to a group, one a line. */
  public static String write(List<Answer> answers) {
    StringBuilder lines = new StringBuilder();
    answers.forEach(answer -> lines.append(LedgerJson.write(members(answer))).append('\n'));
    return lines.toString();
  }

  private static Map<String, Object> members(Answer answer) {
    return switch (answer) {
      case Answer.Told(Outcome(int status, String body), boolean replayed) ->
          Map.of(ANSWER, Kind.TOLD, STATUS, status, BODY, body, REPLAYED, replayed);
      case Answer.KeyReused() -> Map.of(ANSWER, Kind.KEY_REUSED);
      case Answer.KeyExpired() -> Map.of(ANSWER, Kind.KEY_EXPIRED);
      case Answer.KeyAhead() -> Map.of(ANSWER, Kind.KEY_AHEAD);
      case Answer.Skipped() -> Map.of(ANSWER, Kind.SKIPPED);
      case Answer.Failed(LedgerBusyException busy) -> failed(Kind.BUSY, busy);
      case Answer.Failed(OutcomeUnknownException unknown) -> failed(Kind.UNKNOWN, unknown);
      case Answer.Failed(InvalidValueException invalid) -> failed(Kind.INVALID_VALUE, invalid);
      case Answer.Failed(RuntimeException cause) -> failed(Kind.FAILED, cause);
    };
  }

  private static Map<String, Object> failed(Kind kind, RuntimeException cause) {
    return Map.of(ANSWER, kind, DETAIL, requireNonNullElse(cause.getMessage(), ""));
  }

  /** The answers in {@code lines}. */
  static List<Answer> readAnswers(Stream<String> lines) {
    return lines.map(ForwardedLines::readAnswer).toList();
  }

  private static Answer readAnswer(String json) {
    JsonNode answer = JSON.readTree(json);
    String detail = answer.path(DETAIL).asString("");
    return switch (Kind.valueOf(answer.path(ANSWER).asString())) {
      case TOLD ->
          new Answer.Told(
              new Outcome(answer.path(STATUS).asInt(), answer.path(BODY).asString()),
              answer.path(REPLAYED).asBoolean());
      case KEY_REUSED -> new Answer.KeyReused();
      case KEY_EXPIRED -> new Answer.KeyExpired();
      case KEY_AHEAD -> new Answer.KeyAhead();
      case SKIPPED -> new Answer.Skipped();
      case BUSY -> new Answer.Failed(new LedgerBusyException(detail));
      case UNKNOWN -> new Answer.Failed(new OutcomeUnknownException(detail, null));
      case INVALID_VALUE -> new Answer.Failed(new InvalidValueException(detail));
      case FAILED -> new Answer.Failed(new IllegalStateException("the leader failed: " + detail));
    };
  }
}
