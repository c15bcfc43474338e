package io.bincard.application.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.domain.hold.Allocation;
import io.bincard.domain.hold.HoldCommand;
import io.bincard.domain.hold.Sources;
import io.bincard.domain.stock.LocationId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class HoldPropertiesTest {

  private static HoldProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("bincard.holds", HoldProperties.class);
  }

  @Test
  void takes_everything_from_main_unless_told_otherwise() {
    assertThat(bind(Map.of()).sources()).isEqualTo(Sources.MAIN);
  }

  @Test
  void takes_units_as_told() {
    assertThat(
            bind(Map.of(
                    "bincard.holds.allocation", "whole-else-split",
                    "bincard.holds.locations", "SOUTH,MAIN"))
                .sources())
        .isEqualTo(
            new Sources(
                Allocation.WHOLE_ELSE_SPLIT, List.of(new LocationId("SOUTH"), LocationId.MAIN)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expire-at-once | 0",
        "expire-at-once | 501",
        "locations | ''",
        "locations | A,A",
        "locations | A,*",
        "allocation | nowhere",
      })
  void refuses_settings_that_make_no_sense(String key, String value) {
    assertThatThrownBy(() -> bind(Map.of("bincard.holds." + key, value)))
        .isInstanceOf(BindException.class)
        .hasStackTraceContaining("bincard.holds." + key);
  }

  @Test
  void refuses_more_locations_than_an_order_may_name() {
    String many =
        IntStream.rangeClosed(0, HoldCommand.MAX_LOCATIONS)
            .mapToObj(i -> "L" + i)
            .collect(Collectors.joining(","));

    assertThatThrownBy(() -> bind(Map.of("bincard.holds.locations", many)))
        .rootCause()
        .hasMessageContaining("bincard.holds.locations must name 1 to 16 different locations");
  }
}
