package io.bincard.domain.register;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.policy.PolicyFingerprint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to the policies of the ledger. Stored for ever: a component may be added as
 * nullable, never renamed or removed.
 */
public sealed interface PolicyEvent extends LedgerEvent {

  /** The stream of the register; there is one in a ledger. */
  String STREAM = "discount-policy";

  /**
   * This version is in force from here on.
   *
   * @param predecessor which was in force before, {@code null} for the first
   * @param content the version's canonical form; {@code null} if an earlier event has it
   */
  record PolicyActivated(
      PolicyFingerprint fingerprint,
      @Nullable PolicyFingerprint predecessor,
      @Nullable String content)
      implements PolicyEvent {}

  /**
   * Canary requests are priced by this version from here on.
   *
   * @param content the version's canonical form; {@code null} if an earlier event has it
   */
  record PolicyStaged(PolicyFingerprint fingerprint, @Nullable String content)
      implements PolicyEvent {}

  /** Canary requests are priced as all others from here on. */
  record PolicyUnstaged(PolicyFingerprint fingerprint) implements PolicyEvent {}

  /** A version was refused, and what was in force stays so. */
  record PolicyRejected(List<String> errors) implements PolicyEvent {
    public PolicyRejected {
      errors = List.copyOf(errors);
    }
  }
}
