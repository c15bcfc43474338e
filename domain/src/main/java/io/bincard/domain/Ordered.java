package io.bincard.domain;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

/** Sets that look the same however they were put together: what is stored of them is for ever. */
public final class Ordered {

  private Ordered() {}

  /** An unmodifiable copy of {@code values}, in the order of {@code key}. */
  public static <T> Set<T> copyOf(Collection<T> values, Function<T, String> key) {
    Set<T> ordered = new LinkedHashSet<>();
    values.stream().sorted(Comparator.comparing(key)).forEach(ordered::add);
    return Collections.unmodifiableSet(ordered);
  }
}
