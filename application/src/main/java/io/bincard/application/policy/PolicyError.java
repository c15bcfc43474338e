package io.bincard.application.policy;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A mistake in a policy, as its author can act on it.
 *
 * @param file in which file
 * @param line in which line, from 1; 0 if there is no line to it
 * @param key which key, as {@code rule[xmas].when.until}; empty for the file as a whole
 * @param expected what would be right
 * @param found what stands there, shortened
 */
@JsonPropertyOrder({"file", "line", "key", "expected", "found"})
public record PolicyError(String file, int line, String key, String expected, String found) {

  /** One line for a log or a terminal: {@code prod/sale.toml:12: rule[xmas].percent-off: …}. */
  @Override
  public String toString() {
    return file
        + (line > 0 ? ":" + line : "")
        + ": "
        + (key.isEmpty() ? "" : key + ": ")
        + "expected "
        + expected
        + ", found "
        + found;
  }
}
