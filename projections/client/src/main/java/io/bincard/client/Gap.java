package io.bincard.client;

/** Why a connection is not believed any more. */
public enum Gap {
  /** A position came that is before one that came earlier. */
  POSITION_WENT_BACK,
  /** An item came in a version before the one that the same connection had told. */
  VERSION_WENT_BACK,
  /** A change came whose item is as of a position before the change. */
  CONTRADICTION,
  /** What came cannot be read, or is about an item that was not asked for. */
  UNREADABLE
}
