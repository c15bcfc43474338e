package io.bincard.reconciliation.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.reconciliation.stored.FoundRow;
import io.bincard.reconciliation.stored.Mark;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProvenRowsTest {

  private static final Mark MARK = new Mark(1, "epoch", 10);
  private static final String CUP = "availability:CUP@MAIN";
  private static final String LINE = "locations:CUP\tMAIN";
  private static final int MOST = 100_000;

  private final ProvenRows rows = new ProvenRows(MOST);

  @BeforeEach
  void learn() {
    rows.follow(10);
    rows.learn(MARK);
  }

  private static FoundRow found(String key, long digest) {
    boolean exists = digest != FoundRow.NO_DIGEST;
    return new FoundRow(key, exists ? Map.of("version", "1") : Map.of(), Set.of(), digest);
  }

  private void prove(String key, long digest, String... lines) {
    rows.prove(MARK, found(key, digest), Set.of(lines), rows.position());
  }

  @Test
  void a_row_is_proven_as_long_as_its_digest_is_the_same() {
    prove(CUP, 7, LINE);

    assertThat(rows.isProven(CUP, 7)).isTrue();
    assertThat(rows.isProven(LINE)).isTrue();
    assertThat(rows.isProven(CUP, 8)).isFalse();
    assertThat(rows.isProven("availability:POT@MAIN", 7)).isFalse();
    assertThat(rows.isProven("locations:CUP\tEAST")).isFalse();
  }

  @Test
  void an_event_takes_the_proof_away_with_all_its_lines() {
    prove(CUP, 7, LINE);

    rows.touched(Set.of(CUP), 10, 12);

    assertThat(rows.isProven(CUP, 7)).isFalse();
    assertThat(rows.isProven(LINE)).isFalse();
    assertThat(rows.isTouchedSince(CUP, 11)).isTrue();
    assertThat(rows.isTouchedSince(CUP, 12)).isFalse();
    assertThat(rows.position()).isEqualTo(12);
  }

  @Test
  void what_is_proven_since_a_moment_counts_as_long_as_no_event_follows_and_with_its_lines() {
    prove(CUP, 7, LINE);
    int moment = rows.moment();
    assertThat(rows.isProvenSince(moment, CUP, Set.of())).isFalse();

    prove(CUP, 8, LINE);

    assertThat(rows.isProvenSince(moment, CUP, Set.of(LINE))).isTrue();
    assertThat(rows.isProvenSince(moment, CUP, Set.of(LINE, "low-stock\t1:CUP@MAIN"))).isFalse();
    assertThat(rows.isProvenSince(moment, "availability:POT@MAIN", Set.of())).isFalse();
    rows.touched(Set.of(CUP), 10, 12);
    assertThat(rows.isProvenSince(moment, CUP, Set.of())).isFalse();
  }

  @Test
  void what_was_compared_with_older_events_than_touched_it_proves_nothing() {
    rows.touched(Set.of(CUP), 10, 12);

    rows.prove(MARK, found(CUP, 7), Set.of(), 11);
    assertThat(rows.isProven(CUP, 7)).isFalse();

    rows.prove(MARK, found(CUP, 7), Set.of(), 12);
    assertThat(rows.isProven(CUP, 7)).isTrue();
  }

  @Test
  void a_row_that_left_a_set_does_not_count_there_any_more() {
    prove(CUP, 7, LINE, "low-stock\t1:CUP@MAIN");
    prove(CUP, 8, LINE);

    assertThat(rows.isProven("low-stock\t1:CUP@MAIN")).isFalse();
    assertThat(rows.isProven(LINE)).isTrue();
  }

  @Test
  void what_is_proven_or_expected_and_not_seen_in_a_pass_is_told() {
    prove(CUP, 7, LINE);
    prove("sku:CUP", 1);
    rows.expect(MARK, "sku:POT", 10);
    rows.touched(Set.of("hold:1"), 10, 11);

    rows.beginPass();
    rows.isProven(CUP, 7);

    assertThat(rows.unseen())
        .containsExactlyInAnyOrder(
            ProvenRows.hash(CUP), // not in its set
            ProvenRows.hash("sku:CUP"),
            ProvenRows.hash("sku:POT"),
            ProvenRows.hash("hold:1"));
    assertThat(rows.isUnseen("sku:CUP")).isTrue();
    assertThat(rows.isUnseen(CUP)).as("seen, and lacking in a set").isFalse();
    rows.isProven(LINE);
    rows.isProven("sku:CUP", 2);
    rows.drop(List.of(ProvenRows.hash("sku:POT")));
    assertThat(rows.unseen()).containsExactly(ProvenRows.hash("hold:1"));
    assertThat(rows.size()).isEqualTo(3);
  }

  @Test
  void a_pass_that_another_one_follows_is_told_from_it() {
    int first = rows.beginPass();
    assertThat(rows.isPass(first)).isTrue();

    int second = rows.beginPass();

    assertThat(rows.isPass(first)).isFalse();
    assertThat(rows.isPass(second)).isTrue();
  }

  @Test
  void a_row_that_is_rightly_not_there_is_expected_no_more() {
    prove(CUP, 7, LINE);
    rows.beginPass();

    prove(CUP, FoundRow.NO_DIGEST);

    assertThat(rows.unseen()).isEmpty();
    assertThat(rows.isProven(CUP, 7)).isFalse();
    assertThat(rows.size()).isZero();
    rows.touched(Set.of(CUP), 10, 11);
    assertThat(rows.size()).isEqualTo(1);
    assertThat(rows.unseen()).containsExactly(ProvenRows.hash(CUP));
  }

  @Test
  void whoever_may_have_missed_an_event_knows_nothing() {
    prove(CUP, 7);
    rows.learnt(MARK);
    assertThat(rows.isWhole(MARK)).isTrue();

    rows.touched(Set.of(), 11, 12);

    assertThat(rows.isWhole(MARK)).isFalse();
    assertThat(rows.isProven(CUP, 7)).isFalse();
  }

  @Test
  void whoever_folds_again_where_it_left_off_knows_what_it_knew() {
    prove(CUP, 7);
    rows.learnt(MARK);

    rows.leave();
    assertThat(rows.isWhole(MARK)).isFalse();
    rows.follow(10);
    assertThat(rows.isWhole(MARK)).isTrue();
    rows.leave();
    rows.follow(11);
    assertThat(rows.isWhole(MARK)).isFalse();
  }

  @Test
  void another_generation_or_epoch_is_not_known() {
    rows.learnt(MARK);

    assertThat(rows.isWhole(new Mark(2, "epoch", 10))).isFalse();
    assertThat(rows.isWhole(new Mark(1, "other", 10))).isFalse();
    rows.prove(new Mark(2, "epoch", 10), found(CUP, 7), Set.of(), 10);
    assertThat(rows.isProven(CUP, 7)).isFalse();
  }

  @Test
  void more_rows_than_may_be_known_are_not_known_at_all() {
    ProvenRows few = new ProvenRows(2);
    few.follow(10);
    few.learn(MARK);
    for (int i = 0; i < 3; i++) {
      few.prove(MARK, found("sku:" + i, 7), Set.of(), 10);
    }
    few.learnt(MARK);

    assertThat(few.isWhole(MARK)).isFalse();
    assertThat(few.size()).isZero();
  }

  /** Against a map, long enough for what counts no more to be thrown away many times. */
  @Test
  void it_knows_what_a_map_would() {
    Random random = new Random(3);
    Map<String, Long> digests = new HashMap<>();
    Map<String, String> lines = new HashMap<>();
    long position = 10;
    for (int i = 0; i < 200_000; i++) {
      String key = "availability:S-" + random.nextInt(5_000) + "@MAIN";
      switch (random.nextInt(4)) {
        case 0 -> {
          rows.touched(Set.of(key), position, position + 1);
          position++;
          digests.remove(key);
          lines.remove(key);
        }
        case 1 -> {
          rows.expect(MARK, "sku:" + i, position);
          prove(key, FoundRow.NO_DIGEST);
          digests.remove(key);
          lines.remove(key);
        }
        default -> {
          long digest = 1L + random.nextInt(100);
          String line = "low-stock\t" + i + ':' + key;
          prove(key, digest, line);
          digests.put(key, digest);
          lines.put(key, line);
        }
      }
    }
    rows.beginPass();
    Set<String> wrong =
        IntStream.range(0, 5_000)
            .mapToObj(i -> "availability:S-" + i + "@MAIN")
            .filter(
                key ->
                    rows.isProven(key, digests.getOrDefault(key, 50L)) != digests.containsKey(key))
            .collect(Collectors.toCollection(HashSet::new));
    assertThat(wrong).isEmpty();
    assertThat(lines.values()).isNotEmpty().allMatch(rows::isProven);
  }
}
