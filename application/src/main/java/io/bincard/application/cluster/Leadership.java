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

  private volatile Sight sight = new Sight(null, new CompletableFuture<>());

  Sight sight() {
    return sight;
  }

  /** Takes down who leads, {@code null} for nobody; says whether that is news. */
  synchronized boolean saw(@Nullable Leader leader) {
    Sight before = sight;
    if (Objects.equals(before.leader(), leader)) {
      return false;
    }
    sight = new Sight(leader, new CompletableFuture<>());
    before.over().completeAsync(() -> null); // who waits must not run in the thread that looks
    return true;
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
