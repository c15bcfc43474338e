package io.bincard.application.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DocsTest {
  private static final Checkout HERE = Checkout.here();

  @ParameterizedTest
  @EnumSource
  void is_kept_here(DocsRule rule) {
    assertThat(rule.brokenIn(HERE)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void rejects_every_sample_made_to_break_it(DocsRule rule) {
    assertThat(rule.bad())
        .isNotEmpty()
        .allSatisfy(bad -> assertThat(rule.brokenIn(bad)).isNotEmpty());
  }
}
