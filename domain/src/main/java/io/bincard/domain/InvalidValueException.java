package io.bincard.domain;

/** A value breaks the rule of its type. The message states the rule and never repeats the value. */
public final class InvalidValueException extends RuntimeException {

  public InvalidValueException(String rule) {
    super(rule);
  }
}
