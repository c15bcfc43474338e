package io.bincard.domain.register;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.LedgerCommand;
import io.bincard.domain.policy.PolicyFingerprint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of the ledger's register of policies. */
public sealed interface PolicyCommand extends LedgerCommand {

  /**
   * Price by this version from now on.
   *
   * @param content its canonical form; {@code null} for a version that the ledger has
   */
  record ActivatePolicy(PolicyFingerprint fingerprint, @Nullable String content)
      implements PolicyCommand {}

  /**
   * Price canary requests by this version from now on.
   *
   * @param content its canonical form; {@code null} for a version that the ledger has
   */
  record StagePolicy(PolicyFingerprint fingerprint, @Nullable String content)
      implements PolicyCommand {}

  /** Price canary requests as all others again. */
  record UnstagePolicy() implements PolicyCommand {}

  /**
   * Remember that a version was refused.
   *
   * @param errors what was wrong with it, in words, at least one
   */
  record RejectPolicy(List<String> errors) implements PolicyCommand {

    /** More are not kept. */
    public static final int MAX_ERRORS = 100;

    /**
     * @throws InvalidValueException if there is no error
     */
    public RejectPolicy {
      if (errors.isEmpty()) {
        throw new InvalidValueException("a refusal must say at least one error");
      }
      errors = errors.stream().limit(MAX_ERRORS).toList();
    }
  }
}
