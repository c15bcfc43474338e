package io.bincard.projections.upkeep;

import io.bincard.projections.viewstore.Generations;
import org.jspecify.annotations.Nullable;

/**
 * Who builds generations in this node. Told at every look of the watcher, if this node is the one
 * that fills the views.
 */
@FunctionalInterface
public interface ViewBuilder {

  /**
   * Returns at once.
   *
   * @param missing why no generation is live, so that one has to be built; null if one is
   * @param look has the watcher look again; to be called when another generation is live
   */
  void attend(Generations generations, @Nullable String missing, Runnable look);
}
