package io.bincard.projections.viewstore;

import java.time.Instant;

/**
 * Which generations there are, 0 for none.
 *
 * @param live the one that readers read
 * @param previous the one that it replaced, kept for going back
 * @param building the one that is being filled
 * @param last the number given out last
 * @param switchedAt when the live one became so
 */
public record Generations(long live, long previous, long building, long last, Instant switchedAt) {

  /** Whether {@code number} is one of those that are something now. */
  public boolean has(long number) {
    return number == live || number == previous || number == building;
  }
}
