package io.bincard.projections.viewstore;

/** What became of a switch to another generation. */
public enum SwitchOutcome {
  /** Every read that begins from now on goes to the new generation. */
  SWITCHED,
  /** The new generation lacks events that the live one has. */
  BEHIND,
  /** Another generation is live than the caller saw, or another run writes the new one. */
  OVERTAKEN
}
