package io.bincard.application.writer;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.journal.JournalBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveStatesTest {

  private final List<Integer> loaded = new ArrayList<>();
  private final OpenBatch batch = new OpenBatch();
  private final LiveStates<Integer, String> states =
      batch.states(
          2,
          keys -> {
            loaded.addAll(keys);
            return keys.stream().collect(toMap(key -> key, key -> "committed " + key));
          });

  @BeforeEach
  void open() {
    batch.open(new JournalBatch(0));
  }

  private List<Integer> kept() {
    return IntStream.range(0, 10).filter(states::has).boxed().toList();
  }

  @Test
  void what_is_not_here_is_read_at_once_and_only_once() {
    states.require(List.of(1, 2, 1));
    states.require(List.of(2, 3));

    assertThat(states.get(1)).isEqualTo("committed 1");
    assertThat(loaded).containsExactly(1, 2, 3);
  }

  @Test
  void lets_go_of_what_was_used_longest_ago() {
    states.require(List.of(1, 2, 3));
    assertThat(states.get(1)).isEqualTo("committed 1");

    batch.handOver();

    assertThat(kept()).containsExactly(1, 3);
  }

  @Test
  void what_is_not_committed_stays_however_many_they_are() {
    states.put(1, "new 1");
    states.put(2, "new 2");
    states.put(3, "new 3");
    states.require(List.of(4));
    batch.handOver();
    assertThat(kept()).containsExactly(1, 2, 3);

    batch.open(new JournalBatch(0));
    states.put(5, "new 5");
    states.put(6, "new 6");
    batch.handOver();
    assertThat(kept()).containsExactly(5, 6);

    batch.open(new JournalBatch(0));
    states.put(7, "new 7");
    batch.settle();
    assertThat(kept()).containsExactly(6, 7);
  }

  @Test
  void what_is_taken_back_is_as_it_was_before() {
    states.put(1, "new 1");
    OpenBatch.Mark mark = batch.mark();
    states.put(1, "newer 1");
    states.put(2, "new 2");
    states.put(1, "newest 1");

    batch.rollBackTo(mark);

    assertThat(states.get(1)).isEqualTo("new 1");
    assertThat(states.get(2)).isEqualTo("committed 2");
  }

  @Test
  void what_is_in_doubt_is_read_again() {
    states.put(1, "never committed");

    batch.forget();

    assertThat(kept()).isEmpty();
    batch.open(new JournalBatch(0));
    assertThat(states.get(1)).isEqualTo("committed 1");
  }
}
