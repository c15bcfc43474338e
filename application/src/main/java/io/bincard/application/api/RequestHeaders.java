package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.CommandKey;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.stock.ExpectedVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The headers that a command is sent with, read strictly. */
final class RequestHeaders {

  static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  static final String IDEMPOTENCY_REPLAYED = "Idempotency-Replayed";
  static final String IF_MATCH = "If-Match";
  static final String TRACE_PARENT = "traceparent";
  static final String RELEASE_STAGE = "X-Release-Stage";

  private static final Pattern VERSION = Pattern.compile("\"(0|[1-9][0-9]{0,17})\"");

  private RequestHeaders() {}

  /**
   * The header {@code name}, {@code null} without it.
   *
   * @throws InvalidRequestException if it stands there more than once: nobody could say which holds
   */
  static @Nullable String single(HttpServletRequest request, String name) {
    Enumeration<String> values = request.getHeaders(name);
    String value = values.hasMoreElements() ? values.nextElement() : null;
    if (values.hasMoreElements()) {
      throw new InvalidRequestException(
          Problem.of(ProblemType.REPEATED_HEADER, name + " may stand there only once"));
    }
    return value;
  }

  /**
   * The key of the command.
   *
   * @throws InvalidRequestException if there is none, more than one, or a malformed one
   */
  static CommandKey key(HttpServletRequest request) {
    String key = single(request, IDEMPOTENCY_KEY);
    if (key == null) {
      throw new InvalidRequestException(
          Problem.of(
              ProblemType.IDEMPOTENCY_KEY_MISSING,
              "every command needs an Idempotency-Key header; a UUIDv7 is a good one"));
    }
    return key(key);
  }

  /**
   * The key {@code value}.
   *
   * @throws InvalidRequestException if it is malformed
   */
  static CommandKey key(String value) {
    try {
      return CommandKey.of(value);
    } catch (InvalidValueException e) {
      throw new InvalidRequestException(
          Problem.of(ProblemType.IDEMPOTENCY_KEY_MALFORMED, String.valueOf(e.getMessage())));
    }
  }

  /**
   * The version in {@code If-Match}; any without it or with {@code *}.
   *
   * @throws InvalidRequestException if it is no quoted version, or several
   */
  static ExpectedVersion expectedVersion(HttpServletRequest request) {
    String header = single(request, IF_MATCH);
    if (header == null || header.equals("*")) {
      return ExpectedVersion.ANY;
    }
    var version = VERSION.matcher(header.strip());
    if (!version.matches()) {
      throw new InvalidRequestException(
          Problem.of(
              ProblemType.IF_MATCH_MALFORMED, "If-Match takes one quoted version, as in \"7\""));
    }
    return new ExpectedVersion.Exactly(Long.parseLong(version.group(1)));
  }

  /** The span of the request; {@code null} only where tracing is switched off. */
  static @Nullable String traceParent(HttpServletRequest request) {
    return request.getAttribute(RequestTrace.ATTRIBUTE) instanceof String span ? span : null;
  }

  /**
   * The stage in {@code X-Release-Stage}, {@code null} without it.
   *
   * @throws InvalidRequestException if it is neither {@code stable} nor {@code canary}
   */
  static @Nullable ReleaseStage releaseStage(HttpServletRequest request) {
    String word = single(request, RELEASE_STAGE);
    if (word == null) {
      return null;
    }
    return Arrays.stream(ReleaseStage.values())
        .filter(stage -> word(stage).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    Problem.of(
                        ProblemType.UNKNOWN_RELEASE_STAGE,
                        RELEASE_STAGE + " is stable or canary")));
  }

  /** {@code stage} as it is written in headers and members. */
  static String word(ReleaseStage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }
}
