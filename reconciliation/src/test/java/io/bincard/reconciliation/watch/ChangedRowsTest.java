package io.bincard.reconciliation.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChangedRowsTest {

  private final ChangedRows changed = new ChangedRows(3);

  @Test
  void those_that_have_waited_longest_come_first_with_the_position_of_the_last_of_them()
      throws InterruptedException {
    changed.add(List.of("a", "b"), 7);
    changed.add(List.of("c"), 9);

    ChangedRows.Batch first = changed.take(2);
    ChangedRows.Batch second = changed.take(2);

    assertThat(first.keys()).containsExactly("a", "b");
    assertThat(first.upTo()).isEqualTo(7);
    assertThat(second.keys()).containsExactly("c");
    assertThat(second.upTo()).isEqualTo(9);
  }

  @Test
  void a_batch_goes_as_far_as_the_furthest_of_its_rows() throws InterruptedException {
    changed.add(List.of("a"), 7);
    changed.add(List.of("b"), 8);
    changed.add(List.of("a"), 12);

    ChangedRows.Batch batch = changed.take(10);

    assertThat(batch.keys()).as("each once, in its first place").containsExactly("a", "b");
    assertThat(batch.upTo()).isEqualTo(12);
  }

  @Test
  void beyond_the_limit_the_eldest_are_left_out() throws InterruptedException {
    changed.add(List.of("a", "b"), 7);
    changed.add(List.of("c", "d", "e"), 8);

    assertThat(changed.take(10).keys()).containsExactly("c", "d", "e");
    changed.add(List.of("f"), 9);
    assertThat(changed.take(10)).isEqualTo(new ChangedRows.Batch(Set.of("f"), 9));
  }

  @Test
  void a_row_that_changes_again_takes_no_more_room() throws InterruptedException {
    changed.add(List.of("a", "b", "c"), 7);
    changed.add(List.of("b", "c"), 8);

    assertThat(changed.take(10).keys()).containsExactly("a", "b", "c");
  }

  @Test
  void nothing_is_left_once_it_is_cleared() throws InterruptedException {
    changed.add(List.of("a", "b"), 7);
    changed.clear();
    changed.add(List.of("c"), 5);

    assertThat(changed.take(10)).isEqualTo(new ChangedRows.Batch(Set.of("c"), 5));
  }

  @Test
  void who_takes_waits_until_there_is_something() throws Exception {
    CompletableFuture<ChangedRows.Batch> taken = new CompletableFuture<>();
    Thread taker =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    taken.complete(changed.take(10));
                  } catch (InterruptedException e) {
                    taken.completeExceptionally(e);
                  }
                });
    while (taker.isAlive() && taker.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    changed.add(List.of("a"), 7);

    assertThat(taken.get(60, TimeUnit.SECONDS).keys()).containsExactly("a");
  }
}
