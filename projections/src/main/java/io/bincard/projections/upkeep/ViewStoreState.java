package io.bincard.projections.upkeep;

/** What this node knows of the view store. */
public sealed interface ViewStoreState {

  /** The store was not asked yet. */
  record Unknown() implements ViewStoreState {}

  /** The store does not answer, or has no epoch that this node could begin. */
  record Unavailable(String reason) implements ViewStoreState {}

  /** The store answers, but is set up so that it must not be used. */
  record Refused(String reason) implements ViewStoreState {}

  /** The views are being filled again: they may be written but not read. */
  record Rebuilding(String epoch, long position, long rebuildTo) implements ViewStoreState {}

  /** The views may be read and written. */
  record Serving(String epoch) implements ViewStoreState {}
}
