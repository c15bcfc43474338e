package io.bincard.application.writer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.axonframework.common.Registration;
import org.axonframework.common.caching.Cache;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates in the writer's memory, the longest unused leave first. Used by the writer's
 * thread alone.
 *
 * <p>An aggregate that was created for a refused command has no identifier yet; Axon offers it with
 * a {@code null} key, and it is not kept.
 */
@SuppressWarnings({
  "unchecked",
  "TypeParameterUnusedInFormals"
}) // Axon's cache is untyped; every value of ours is an aggregate's cache entry
public final class AggregateCache implements Cache {

  private final Map<Object, Object> entries;

  public AggregateCache(int maxEntries) {
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
            return size() > maxEntries;
          }
        };
  }

  @Override
  public <K, V> @Nullable V get(K key) {
    return (V) entries.get(key);
  }

  @Override
  public void put(@Nullable Object key, Object value) {
    if (key != null) {
      entries.put(key, value);
    }
  }

  @Override
  public boolean putIfAbsent(Object key, Object value) {
    return entries.putIfAbsent(key, value) == null;
  }

  @Override
  public <T> T computeIfAbsent(Object key, Supplier<T> valueSupplier) {
    return (T) entries.computeIfAbsent(key, k -> valueSupplier.get());
  }

  @Override
  public boolean remove(@Nullable Object key) {
    return key != null && entries.remove(key) != null;
  }

  @Override
  public void removeAll() {
    entries.clear();
  }

  @Override
  public boolean containsKey(Object key) {
    return entries.containsKey(key);
  }

  @Override
  public <V> void computeIfPresent(Object key, UnaryOperator<V> update) {
    entries.computeIfPresent(key, (k, value) -> update.apply((V) value));
  }

  @Override
  public Registration registerCacheEntryListener(EntryListener cacheEntryListener) {
    throw new UnsupportedOperationException("nothing listens to the writer's memory");
  }
}
