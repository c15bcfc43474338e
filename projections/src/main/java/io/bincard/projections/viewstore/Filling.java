package io.bincard.projections.viewstore;

/**
 * Where rows go and in whose name.
 *
 * @param generation number of the generation
 * @param epoch the random name that it was begun with
 * @param writer {@link #LIVE}, or the name of one run; rows of any other writer are refused
 */
public record Filling(long generation, String epoch, String writer) {

  /** Who follows the journal. */
  public static final String LIVE = "live";

  /** The live generation, for who follows the journal. */
  public static Filling live(long generation, String epoch) {
    return new Filling(generation, epoch, LIVE);
  }

  /** Whether rows go to readers at once. */
  public boolean isLive() {
    return writer.equals(LIVE);
  }
}
