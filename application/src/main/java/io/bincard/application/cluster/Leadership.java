package io.bincard.application.cluster;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who leads, as this node saw it last. Safe for use by many threads. */
public final class Leadership {

  /**
   * @param leader {@code null} while nobody holds the lease
   * @param over completes when something else was seen
   */
  record Sight(@Nullable Leader leader, CompletableFuture<Void> over) {}

  private volatile long seenAt = System.nanoTime();
  private volatile long changes;

  /** The node that was seen to lead last. */
  private @Nullable String last;

  private volatile Sight sight = new Sight(null, new CompletableFuture<>());

  Sight sight() {
    return sight;
  }

  /** Takes down who leads, {@code null} for nobody; says whether that is news. */
  synchronized boolean saw(@Nullable Leader leader) {
    if (leader != null) {
      seenAt = System.nanoTime();
      if (last != null && !last.equals(leader.node())) {
        changes++;
      }
      last = leader.node();
    }
    Sight before = sight;
    if (Objects.equals(before.leader(), leader)) {
      return false;
    }
    sight = new Sight(leader, new CompletableFuture<>());
    // Who waits must not run in the thread that looks, nor wait for a pool that others keep busy.
    before.over().completeAsync(() -> null, Thread::startVirtualThread);
    return true;
  }

  /** Nanoseconds since a leader was seen, or since the start. */
  long ageNanos() {
    return System.nanoTime() - seenAt;
  }

  /** How often another node was seen to lead than before. */
  long changes() {
    return changes;
  }

  /** Whether {@code secret} is that of a node of this ledger. */
  public boolean isFromANode(String secret) {
    Leader leader = sight.leader();
    return leader != null
        && MessageDigest.isEqual(
            leader.secret().getBytes(StandardCharsets.UTF_8),
            secret.getBytes(StandardCharsets.UTF_8));
  }
}
