package io.bincard.application.writer;

/** What a refused line means for the other lines of its group. */
public enum OnError {
  /** Nothing: each line stands alone. */
  CONTINUE,
  /** The lines behind it are skipped; the lines before it stand. */
  STOP,
  /** No line takes effect. */
  ATOMIC
}
