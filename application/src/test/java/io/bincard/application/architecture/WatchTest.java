package io.bincard.application.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WatchTest {
  private static final Checkout HERE = Checkout.here();

  @ParameterizedTest
  @EnumSource
  void is_kept_here(WatchRule rule) {
    assertThat(rule.brokenIn(HERE)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void is_kept_by_what_the_samples_are_made_of(WatchRule rule) {
    assertThat(rule.brokenIn(WatchRule.good())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void rejects_every_sample_made_to_break_it(WatchRule rule) {
    assertThat(rule.bad())
        .isNotEmpty()
        .allSatisfy(bad -> assertThat(rule.brokenIn(bad)).isNotEmpty());
  }
}
