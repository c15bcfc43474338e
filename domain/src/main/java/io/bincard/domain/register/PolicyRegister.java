package io.bincard.domain.register;

import static io.bincard.domain.Decision.accept;
import static io.bincard.domain.Decision.reject;

import io.bincard.domain.Decision;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.register.PolicyCommand.ActivatePolicy;
import io.bincard.domain.register.PolicyCommand.RejectPolicy;
import io.bincard.domain.register.PolicyCommand.StagePolicy;
import io.bincard.domain.register.PolicyCommand.UnstagePolicy;
import io.bincard.domain.register.PolicyEvent.PolicyActivated;
import io.bincard.domain.register.PolicyEvent.PolicyRejected;
import io.bincard.domain.register.PolicyEvent.PolicyStaged;
import io.bincard.domain.register.PolicyEvent.PolicyUnstaged;
import io.bincard.domain.register.PolicyRejection.NoPolicyStaged;
import io.bincard.domain.register.PolicyRejection.PolicyAlreadyInForce;
import io.bincard.domain.register.PolicyRejection.PolicyAlreadyStaged;
import io.bincard.domain.register.PolicyRejection.StaleRegisterVersion;
import io.bincard.domain.register.PolicyRejection.UnknownPolicy;
import io.bincard.domain.stock.ExpectedVersion;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The versions that the ledger has.
 *
 * @param version sequence of the last event of the register's stream, {@link #NO_VERSION} before
 *     the first
 * @param inForce by which prices are made, {@code null} before the first
 * @param staged by which canary requests are priced, {@code null} for as all others
 * @param known whose content the journal has
 */
public record PolicyRegister(
    long version,
    @Nullable PolicyFingerprint inForce,
    @Nullable PolicyFingerprint staged,
    Set<PolicyFingerprint> known) {

  /** The version of a register in which nothing happened yet. */
  public static final long NO_VERSION = -1;

  /**
   * Of {@link #evolve}: raised whenever some stream leads to another state than before, for states
   * that were stored on the way are void then.
   */
  public static final int FOLD_REVISION = 1;

  /** A register in which nothing happened yet. */
  public static final PolicyRegister EMPTY = new PolicyRegister(NO_VERSION, null, null, Set.of());

  public PolicyRegister {
    known = KnownVersions.of(known);
  }

  /** The version for orders of {@code stage}; {@code null} before the first. */
  public @Nullable PolicyFingerprint versionFor(ReleaseStage stage) {
    return stage == ReleaseStage.CANARY && staged != null ? staged : inForce;
  }

  /** Decides on {@code command}; pure, and total over every command in every state. */
  public Decision<PolicyEvent, PolicyRejection> decide(
      PolicyCommand command, ExpectedVersion expected) {
    if (expected instanceof ExpectedVersion.Exactly(long wanted) && wanted != version) {
      return reject(new StaleRegisterVersion(wanted, version));
    }
    return switch (command) {
      case ActivatePolicy(var fingerprint, var content) -> {
        if (content == null && !known.contains(fingerprint)) {
          yield reject(new UnknownPolicy(fingerprint));
        }
        yield fingerprint.equals(inForce)
            ? reject(new PolicyAlreadyInForce(fingerprint))
            : accept(new PolicyActivated(fingerprint, inForce, unlessKnown(fingerprint, content)));
      }
      case StagePolicy(var fingerprint, var content) -> {
        if (content == null && !known.contains(fingerprint)) {
          yield reject(new UnknownPolicy(fingerprint));
        }
        yield fingerprint.equals(staged)
            ? reject(new PolicyAlreadyStaged(fingerprint))
            : accept(new PolicyStaged(fingerprint, unlessKnown(fingerprint, content)));
      }
      case UnstagePolicy c ->
          staged == null ? reject(new NoPolicyStaged()) : accept(new PolicyUnstaged(staged));
      case RejectPolicy(var errors) -> accept(new PolicyRejected(errors));
    };
  }

  private @Nullable String unlessKnown(PolicyFingerprint fingerprint, @Nullable String content) {
    return known.contains(fingerprint) ? null : content;
  }

  /** The state after {@code event}; pure, and the only way the state moves, live and in replay. */
  public PolicyRegister evolve(PolicyEvent event) {
    return switch (event) {
      case PolicyActivated e ->
          new PolicyRegister(
              version + 1,
              e.fingerprint(),
              e.fingerprint().equals(staged) ? null : staged,
              KnownVersions.of(known).with(e.fingerprint()));
      case PolicyStaged e ->
          new PolicyRegister(
              version + 1, inForce, e.fingerprint(), KnownVersions.of(known).with(e.fingerprint()));
      case PolicyUnstaged e -> new PolicyRegister(version + 1, inForce, null, known);
      case PolicyRejected e -> new PolicyRegister(version + 1, inForce, staged, known);
    };
  }
}
