package io.bincard.domain.reservation;

import io.bincard.domain.InvalidValueException;
import java.util.UUID;

/** Which hold; given by the ledger. */
public record HoldId(UUID id) implements Comparable<HoldId> {

  private static final String STREAM_PREFIX = "hold:";

  /**
   * The id that {@code value} says.
   *
   * @throws InvalidValueException if {@code value} is no UUID in its one form: 36 characters, lower
   *     case
   */
  public static HoldId of(String value) {
    UUID id;
    try {
      id = UUID.fromString(value);
    } catch (IllegalArgumentException e) {
      throw notOne();
    }
    if (!id.toString().equals(value)) {
      throw notOne();
    }
    return new HoldId(id);
  }

  private static InvalidValueException notOne() {
    return new InvalidValueException(
        "a hold's id is a UUID: 36 characters, digits and lower-case letters a-f with hyphens");
  }

  public String value() {
    return id.toString();
  }

  /** The hold's stream in the journal, {@code hold:{id}}. */
  public String stream() {
    return STREAM_PREFIX + id;
  }

  @Override
  public int compareTo(HoldId other) {
    return id.compareTo(other.id);
  }

  @Override
  public String toString() {
    return value();
  }
}
