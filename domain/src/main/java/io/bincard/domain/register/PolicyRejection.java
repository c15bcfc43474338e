package io.bincard.domain.register;

import io.bincard.domain.policy.PolicyFingerprint;

/**
 * Why a command on the register of policies is refused. Where several rules are broken the first of
 * this list is named.
 */
public sealed interface PolicyRejection {

  /** The register moved on since the sender looked. */
  record StaleRegisterVersion(long expectedVersion, long actualVersion)
      implements PolicyRejection {}

  /** The ledger never had this version, and its content did not come along. */
  record UnknownPolicy(PolicyFingerprint fingerprint) implements PolicyRejection {}

  /** It is in force already. */
  record PolicyAlreadyInForce(PolicyFingerprint fingerprint) implements PolicyRejection {}

  /** It is staged already. */
  record PolicyAlreadyStaged(PolicyFingerprint fingerprint) implements PolicyRejection {}

  /** There is none to unstage. */
  record NoPolicyStaged() implements PolicyRejection {}
}
