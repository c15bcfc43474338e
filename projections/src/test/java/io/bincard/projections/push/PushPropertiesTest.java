package io.bincard.projections.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PushPropertiesTest {

  private static PushProperties with(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("bincard.push", PushProperties.class);
  }

  @Test
  void its_own_values_are_good() {
    assertThat(with(Map.of()).maxSkus()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "flush-interval, -1ms",
    "flush-interval, 11s",
    "heartbeat, 99ms",
    "slow-after, 9ms",
    "stalled-after, 1s",
    "cut-after, 4s",
    "resume-wait, 61s",
    "forget-after, 25h",
    "remembered-items, 0",
    "max-skus, 0",
    "max-skus, 1001",
    "max-streams, 0",
    "moved-reserve, 12000",
    "moved-reserve, -1",
    "max-streams-per-client, 0",
    "drain, 11s",
    "redirect-valid, 16s",
    "redirect-valid, 0s",
    "redirect-secret, 1234567890123456789012345678901",
  })
  void a_value_beyond_its_bounds_ends_the_start(String key, String value) {
    assertThatThrownBy(() -> with(Map.of("bincard.push." + key, value)))
        .isInstanceOf(BindException.class)
        .rootCause()
        .hasMessageContaining("bincard.push." + key);
  }
}
