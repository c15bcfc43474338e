package io.bincard.domain.money;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

class SharesProperties {

  @Property
  void not_a_cent_is_created_or_lost_and_nobody_bears_more_than_his_weight(
      @ForAll("totalsAndWeights") Tuple2<Long, List<Long>> given) {
    long[] weights = given.get2().stream().mapToLong(Long::longValue).toArray();

    long[] shares = Shares.of(given.get1(), weights);

    assertThat(Arrays.stream(shares).sum()).isEqualTo(given.get1());
    for (int i = 0; i < weights.length; i++) {
      assertThat(shares[i]).isBetween(0L, weights[i]);
    }
  }

  @Property
  void a_share_is_off_its_proportion_by_what_rounding_left_over_alone(
      @ForAll("totalsAndWeights") Tuple2<Long, List<Long>> given) {
    long[] weights = given.get2().stream().mapToLong(Long::longValue).toArray();
    long sum = Arrays.stream(weights).sum();

    long[] shares = Shares.of(given.get1(), weights);

    for (int i = 0; i < weights.length && sum > 0; i++) {
      assertThat(Math.abs(shares[i] - Rounding.halfEven(given.get1(), weights[i], sum)))
          .isLessThanOrEqualTo((weights.length + 1) / 2);
    }
  }

  @Provide
  static Arbitrary<Tuple2<Long, List<Long>>> totalsAndWeights() {
    return Arbitraries.longs()
        .between(0, 1_000_000)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .flatMap(
            weights ->
                Arbitraries.longs()
                    .between(0, weights.stream().mapToLong(Long::longValue).sum())
                    .map(total -> Tuple.of(total, weights)));
  }

  @Example
  void what_is_left_over_falls_to_the_largest() {
    assertThat(Shares.of(100, new long[] {100, 101, 100})).containsExactly(33, 34, 33);
  }

  @Example
  void the_first_of_equals_is_the_largest() {
    assertThat(Shares.of(1, new long[] {5, 5, 5, 5})).containsExactly(1, 0, 0, 0);
  }

  @Example
  void what_the_largest_cannot_bear_falls_to_the_next() {
    assertThat(Shares.of(2, new long[] {1, 1, 1, 1, 1})).containsExactly(1, 1, 0, 0, 0);
  }

  @Example
  void what_was_rounded_up_too_often_is_taken_back() {
    assertThat(Shares.of(3, new long[] {1, 1, 1, 1})).containsExactly(0, 1, 1, 1);
  }

  @Example
  void nothing_is_shared_out_over_nothing() {
    assertThat(Shares.of(0, new long[] {0, 0})).containsExactly(0, 0);
  }
}
