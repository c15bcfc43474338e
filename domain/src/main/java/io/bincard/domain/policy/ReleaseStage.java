package io.bincard.domain.policy;

/** Which of the versions that a ledger has is to make a price. */
public enum ReleaseStage {
  /** The one in force. */
  STABLE,
  /** The one that is tried out, as long as there is one. */
  CANARY
}
