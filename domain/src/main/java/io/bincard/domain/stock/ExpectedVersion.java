package io.bincard.domain.stock;

/**
 * What the sender of a command believes the item's version to be; HTTP calls it {@code If-Match}.
 */
public sealed interface ExpectedVersion {

  /** The sender does not care. */
  record Any() implements ExpectedVersion {}

  /** The command only makes sense on this version. */
  record Exactly(long version) implements ExpectedVersion {}

  ExpectedVersion ANY = new Any();
}
