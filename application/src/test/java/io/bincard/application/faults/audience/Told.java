package io.bincard.application.faults.audience;

/** What was told of an item: its version and what it had then, in units. */
public record Told(long version, long onHand, long reserved, long available) {

  /** Of the JSON of an item, as {@code GET /v1/stock/{sku}} answers and as live stock says. */
  public static Told of(String json) {
    return of(new Word("", Word.NO_POSITION, json));
  }

  static Told of(Word word) {
    return new Told(
        word.number("version"),
        word.number("onHand"),
        word.number("reserved"),
        word.number("available"));
  }
}
