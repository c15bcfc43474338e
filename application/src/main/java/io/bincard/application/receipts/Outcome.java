package io.bincard.application.receipts;

/**
 * What a command was told, word for word.
 *
 * @param status the HTTP status: 2xx for done, 4xx for a refusal
 * @param body the answer as JSON: an outcome, or the problem that names the broken rule
 */
public record Outcome(int status, String body) {

  public boolean isDone() {
    return status < 300;
  }
}
