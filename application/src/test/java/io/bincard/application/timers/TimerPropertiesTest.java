package io.bincard.application.timers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TimerPropertiesTest {

  @ParameterizedTest
  @CsvSource({
    "look-every, 9ms",
    "look-every, 61s",
    "failures-to-open, 0",
    "failures-to-open, 1001",
    "first-pause, 9ms",
    "first-pause, 61m",
    "longest-pause, 999ms",
    "longest-pause, 25h",
    "clock-tolerance, -1ms",
    "clock-tolerance, 61m",
  })
  void refuses_settings_that_make_no_sense(String key, String value) {
    Binder binder =
        new Binder(new MapConfigurationPropertySource(Map.of("bincard.timers." + key, value)));

    assertThatThrownBy(() -> binder.bindOrCreate("bincard.timers", TimerProperties.class))
        .isInstanceOf(BindException.class)
        .rootCause()
        .hasMessageContaining("bincard.timers." + key);
  }
}
