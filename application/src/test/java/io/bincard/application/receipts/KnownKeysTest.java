package io.bincard.application.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnownKeysTest {

  private static final int KEYS = 20_000;

  private final KnownKeys known = new KnownKeys(KEYS);

  private static CommandKey key(int number) {
    return CommandKey.of("0193a2b4-7c1e-7abc-8def-" + number);
  }

  @Test
  void every_key_may_be_known_before_those_of_the_ledger_are_read() {
    assertThat(known.mayHave(key(1))).isTrue();
  }

  @Test
  void a_key_that_was_added_is_never_taken_for_new_and_few_new_ones_for_known() {
    known.finish(0);
    IntStream.range(0, KEYS).mapToObj(KnownKeysTest::key).forEach(known::add);

    assertThat(IntStream.range(0, KEYS)).allMatch(number -> known.mayHave(key(number)));
    assertThat(IntStream.range(KEYS, 3 * KEYS).filter(number -> known.mayHave(key(number))).count())
        .as("of 40,000 new keys")
        .isLessThan(60);
  }

  @Test
  void the_tenant_and_the_client_are_parts_of_a_key() {
    known.finish(0);
    known.add(new CommandKey("a", "b", "c"));

    assertThat(known.mayHave(new CommandKey("a", "b", "c"))).isTrue();
    assertThat(known.mayHave(new CommandKey("b", "a", "c"))).isFalse();
    assertThat(known.mayHave(new CommandKey("c", "b", "a"))).isFalse();
  }

  @Test
  void every_key_may_be_known_when_there_are_more_than_can_be_remembered() {
    known.finish(KEYS);
    assertThat(known.mayHave(key(1))).isFalse();

    known.add(key(2));

    assertThat(known.mayHave(key(1))).isTrue();
  }

  @Test
  void every_key_may_be_known_when_not_all_could_be_read_or_none_is_to_be_remembered() {
    known.finish(-1);
    KnownKeys none = new KnownKeys(0);
    none.finish(0);
    none.add(key(1));

    assertThat(known.mayHave(key(1))).isTrue();
    assertThat(none.mayHave(key(2))).isTrue();
  }
}
