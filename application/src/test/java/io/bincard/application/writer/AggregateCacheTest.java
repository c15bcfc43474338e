package io.bincard.application.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AggregateCacheTest {

  private final AggregateCache cache = new AggregateCache(2);

  private List<Integer> kept() {
    return IntStream.range(0, 10).filter(cache::containsKey).boxed().toList();
  }

  @Test
  void keeps_no_more_than_its_limit_however_an_entry_comes_in() {
    cache.put(0, "a");
    cache.putIfAbsent(1, "b");
    String computed = cache.computeIfAbsent(2, () -> "c");

    assertThat(computed).isEqualTo("c");
    assertThat(kept()).containsExactly(1, 2);
    cache.put(3, "d");
    cache.putIfAbsent(4, "e");
    assertThat(kept()).containsExactly(3, 4);
  }

  @Test
  void lets_go_of_what_was_used_longest_ago() {
    cache.put(0, "a");
    cache.put(1, "b");
    String used = cache.get(0);
    cache.put(2, "c");

    assertThat(used).isEqualTo("a");
    assertThat(kept()).containsExactly(0, 2);
    cache.put(0, "newer");
    cache.put(3, "d");
    assertThat(kept()).containsExactly(0, 3);
  }

  @Test
  void what_was_let_go_of_or_removed_is_gone() {
    IntStream.range(0, 4).forEach(key -> cache.put(key, "value"));

    assertThat(cache.<Integer, String>get(0)).isNull();
    assertThat(cache.remove(0)).isFalse();
    assertThat(cache.remove(2)).isTrue();
    assertThat(kept()).containsExactly(3);
    cache.removeAll();
    assertThat(kept()).isEmpty();
  }

  @Test
  void an_aggregate_without_an_identifier_is_not_kept() {
    cache.put(0, "a");
    cache.put(1, "b");
    cache.put(null, "refused");

    assertThat(kept()).containsExactly(0, 1);
    assertThat(cache.remove(null)).isFalse();
  }
}
