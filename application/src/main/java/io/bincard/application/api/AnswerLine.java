package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to one command as one JSON object: a batch line, or what a key was told. */
final class AnswerLine {

  private AnswerLine() {}

  /** An outcome, in the words that are stored. */
  static String told(String key, Outcome outcome, boolean replayed) {
    String tail = replayed ? ",\"replayed\":true}" : "}";
    return outcome.isDone()
        ? outcome.body().substring(0, outcome.body().length() - 1) + tail
        : "{\"key\":"
            + LedgerJson.write(key)
            + ",\"status\":\"rejected\",\"problem\":"
            + outcome.body()
            + tail;
  }

  /** A line that is no command. */
  static String invalid(@Nullable String key, long line, Problem problem) {
    return withProblem(key, "invalid", line, problem);
  }

  /** A line whose outcome is not known; the same key may be sent again. */
  static String unknown(String key, long line, Problem problem) {
    return withProblem(key, "unknown", line, problem);
  }

  private static String withProblem(
      @Nullable String key, String status, long line, Problem problem) {
    Map<String, Object> answer = new LinkedHashMap<>();
    if (key != null) {
      answer.put("key", key);
    }
    answer.put("status", status);
    answer.put("line", line);
    answer.put("problem", problem);
    return LedgerJson.write(answer);
  }

  /** A line that was not run because of another. */
  static String skipped(@Nullable String key) {
    return key == null
        ? "{\"status\":\"skipped\"}"
        : "{\"key\":" + LedgerJson.write(key) + ",\"status\":\"skipped\"}";
  }

  /** A command that is being run. */
  static String underWay(String key) {
    return "{\"key\":" + LedgerJson.write(key) + ",\"status\":\"running\"}";
  }
}
