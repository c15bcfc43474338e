package io.bincard.application.cluster;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Who leads.
 *
 * @param url where its routes are; {@code null} until they are open
 * @param secret proves to it that a request comes from a node of this ledger
 */
record Leader(String node, long epoch, @Nullable URI url, String secret) {

  /** Does not tell the secret. */
  @Override
  public String toString() {
    return node + " at " + url + " in epoch " + epoch;
  }
}
