package io.bincard.projections.upkeep;

/** What this node knows of the view store. */
public sealed interface ViewStoreState {

  /** The store was not asked yet. */
  record Unknown() implements ViewStoreState {}

  /** The store does not answer, or holds nothing and another node is to fill it. */
  record Unavailable(String reason) implements ViewStoreState {}

  /** The store answers, but is set up so that it must not be used. */
  record Refused(String reason) implements ViewStoreState {}

  /** No generation is live, and one is being filled: the ledger answers. */
  record Rebuilding(long position, long target) implements ViewStoreState {}

  /** The views of a generation may be read and written. */
  record Serving(long generation, String epoch) implements ViewStoreState {}
}
