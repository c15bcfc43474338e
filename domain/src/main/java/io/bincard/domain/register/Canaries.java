package io.bincard.domain.register;

/** Ends trials of policies on canary requests, by commands of the ledger's own. */
public interface Canaries {

  /**
   * Takes the staged version away, as {@code UnstagePolicy} does. Returns whether one was staged.
   *
   * @param key stands for this, 1 to 128 visible ASCII characters without slashes: called twice
   *     with the same one it acts once
   * @throws io.bincard.domain.stock.LedgerUnavailableException if it is not known whether that was
   *     done
   */
  boolean stop(String key);
}
