package io.bincard.application.writer;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.journal.JournalBatch;
import io.bincard.application.journal.JournalSerializer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveStatesTest {

  private final List<Integer> loaded = new ArrayList<>();
  private final OpenBatch batch = new OpenBatch(new JournalSerializer());
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final LiveStates<Integer, String> states = states(2, 1_000);

  private LiveStates<Integer, String> states(int most, long bytes) {
    return batch.states(
        "thing",
        new LiveStates.Limits(most, bytes),
        new LiveStates.Loader<>() {
          @Override
          public Map<Integer, String> load(Collection<Integer> keys) {
            loaded.addAll(keys);
            return keys.stream().collect(toMap(key -> key, key -> "committed " + key));
          }

          @Override
          public String load(Integer key) {
            loaded.add(key);
            return "committed " + key;
          }

          @Override
          public long bytes(Integer key, String state) {
            return state.length();
          }
        },
        most == 2 ? meters : new SimpleMeterRegistry());
  }

  @BeforeEach
  void open() {
    batch.open(new JournalBatch(0, new JournalSerializer()));
  }

  private List<Integer> kept() {
    return kept(states);
  }

  private static List<Integer> kept(LiveStates<Integer, String> states) {
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
  void lets_go_of_what_its_bytes_have_no_room_for() {
    LiveStates<Integer, String> few = states(10, "committed 1".length() * 2);
    few.require(List.of(1, 2, 3));
    batch.handOver();
    assertThat(kept(few)).containsExactly(2, 3);

    batch.open(new JournalBatch(0, new JournalSerializer()));
    few.put(3, "a state that takes all of it");
    batch.handOver();
    batch.settle();
    assertThat(kept(few)).isEmpty();
    few.require(List.of(4, 5));
    batch.settle();
    assertThat(kept(few)).containsExactly(4, 5);
  }

  @Test
  void a_state_that_grows_shrinks_leaves_or_is_taken_back_is_counted_as_it_is() {
    states.require(List.of(1, 2, 3));
    states.put(1, "x");
    OpenBatch.Mark mark = batch.mark();
    states.put(2, "a longer state than before");
    states.put(4, "new");
    batch.rollBackTo(mark);
    batch.handOver();
    assertShown(2, "x".length() + "committed 2".length());

    assertThat(meters.counter("bincard.writer.live.loads", "kind", "thing").count()).isEqualTo(3);
    assertThat(meters.counter("bincard.writer.live.evictions", "kind", "thing").count())
        .isEqualTo(1);

    batch.forget();
    assertShown(0, 0);
  }

  private void assertShown(int count, int bytes) {
    assertThat(meters.get("bincard.writer.live.states").gauge().value()).isEqualTo(count);
    assertThat(meters.get("bincard.writer.live.bytes").gauge().value()).isEqualTo(bytes);
  }

  @Test
  void what_is_not_committed_stays_however_many_they_are() {
    states.put(1, "new 1");
    states.put(2, "new 2");
    states.put(3, "new 3");
    states.require(List.of(4));
    batch.handOver();
    assertThat(kept()).containsExactly(1, 2, 3);

    batch.open(new JournalBatch(0, new JournalSerializer()));
    states.put(5, "new 5");
    states.put(6, "new 6");
    batch.handOver();
    assertThat(kept()).containsExactly(5, 6);

    batch.open(new JournalBatch(0, new JournalSerializer()));
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
    batch.open(new JournalBatch(0, new JournalSerializer()));
    assertThat(states.get(1)).isEqualTo("committed 1");
  }
}
