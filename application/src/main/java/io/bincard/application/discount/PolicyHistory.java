package io.bincard.application.discount;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.policy.PolicyDifference;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.register.PolicyEvent;
import io.bincard.domain.register.PolicyEvent.PolicyActivated;
import io.bincard.domain.register.PolicyEvent.PolicyRejected;
import io.bincard.domain.register.PolicyEvent.PolicyStaged;
import io.bincard.domain.register.PolicyEvent.PolicyUnstaged;
import io.bincard.domain.register.PolicyRegister;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happened to the policies of the ledger, out of the journal. */
public final class PolicyHistory {

  /** Entries that are told at most, the last ones. */
  public static final int MAX_TOLD = 1_000;

  private final PolicyTimeline timeline;

  public PolicyHistory(PolicyTimeline timeline) {
    this.timeline = timeline;
  }

  /**
   * All of it.
   *
   * @param version of the register; what If-Match takes
   */
  @JsonPropertyOrder({"version", "inForce", "staged", "history"})
  public record Policies(
      long version,
      @Nullable PolicyFingerprint inForce,
      @Nullable PolicyFingerprint staged,
      List<Entry> history) {}

  /** Something that happened, the last first. */
  @JsonPropertyOrder({"version", "at", "what", "fingerprint", "errors"})
  public record Entry(
      long version,
      Instant at,
      String what,
      @Nullable PolicyFingerprint fingerprint,
      @Nullable List<String> errors) {}

  /** What is in force, and how it came to that. */
  public Policies policies() {
    PolicyTimeline.Known known = timeline.known();
    PolicyRegister register = known.now();
    return new Policies(
        register.version(),
        register.inForce(),
        register.staged(),
        known.moments().reversed().stream()
            .limit(MAX_TOLD)
            .map(moment -> entry(moment.version(), moment.at(), moment.event()))
            .toList());
  }

  private static Entry entry(long version, Instant at, PolicyEvent event) {
    return switch (event) {
      case PolicyActivated e -> new Entry(version, at, "activated", e.fingerprint(), null);
      case PolicyStaged e -> new Entry(version, at, "staged", e.fingerprint(), null);
      case PolicyUnstaged e -> new Entry(version, at, "unstaged", e.fingerprint(), null);
      case PolicyRejected e -> new Entry(version, at, "rejected", null, e.errors());
    };
  }

  /** The canonical form of the version {@code fingerprint}; empty if the ledger never had it. */
  public Optional<String> content(PolicyFingerprint fingerprint) {
    return timeline.content(fingerprint);
  }

  /** What {@code to} has otherwise than {@code from}; empty if the ledger lacks one of them. */
  public Optional<PolicyDifference> difference(PolicyFingerprint from, PolicyFingerprint to) {
    return content(from)
        .flatMap(before -> content(to).map(after -> PolicyDifference.of(before, after)));
  }
}
