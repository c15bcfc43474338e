package io.bincard.client;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The example of the guide, which a test compiles, runs, and holds against what the guide shows.
 */
final class Shelf implements StockListener, AutoCloseable {

  private final Map<String, StockLevel> levels = new ConcurrentHashMap<>();
  private final StockClient client;
  private final Subscription subscription;

  Shelf(List<String> skus, URI... nodes) {
    client = StockClient.to(nodes);
    subscription = client.follow(skus, this);
  }

  @Override
  public void level(StockLevel level) {
    levels.put(level.sku(), level);
  }

  @Override
  public void resynced(String reason) {
    levels.clear();
  }

  /** What to show: a number, or that it is not known, which is not the same as none. */
  String words(String sku) {
    StockLevel level = levels.get(sku);
    if (level == null) {
      return "ask us";
    }
    String doubt = subscription.state() == Subscription.State.STALE ? ", a while ago" : "";
    return level.available() > 0 ? level.available() + " in stock" + doubt : "sold out" + doubt;
  }

  @Override
  public void close() {
    client.close();
  }
}
