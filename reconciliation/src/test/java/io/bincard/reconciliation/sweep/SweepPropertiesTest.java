package io.bincard.reconciliation.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SweepPropertiesTest {

  private static SweepProperties of(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("bincard.reconciliation", SweepProperties.class);
  }

  @Test
  void the_fuse_needs_both_a_number_and_a_share() {
    SweepProperties limits = of(Map.of());

    assertThat(limits.isTooMuch(10, 100)).isFalse();
    assertThat(limits.isTooMuch(11, 100)).isTrue();
    assertThat(limits.isTooMuch(11, 1_000_000)).isTrue();
    assertThat(limits.isTooMuch(11, 2_000_000)).isFalse();
    assertThat(limits.isTooMuch(21, 2_000_000)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nightly=every now and then",
        "zone=Atlantis/Main",
        "lanes=0",
        "lanes=17",
        "chunk=0",
        "max-rate=-1",
        "looks=0",
        "look-every=1ms",
        "silence=500ms",
        "fuse-share=1.5",
        "fuse-share=NaN",
        "fuse-at-least=-1",
        "max-findings=0",
        "redis-connections=65",
        "snapshot-patience=61s"
      })
  void a_value_that_makes_no_sense_is_refused(String setting) {
    String[] parts = setting.split("=", 2);

    assertThatThrownBy(() -> of(Map.of("bincard.reconciliation." + parts[0], parts[1])))
        .hasRootCauseInstanceOf(
            parts[0].equals("zone") ? DateTimeException.class : IllegalArgumentException.class);
  }
}
