package io.bincard.reconciliation.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DecodingPropertiesTest {

  private static DecodingProperties of(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("bincard.reconciliation.decoding", DecodingProperties.class);
  }

  @Test
  void nothing_needs_to_be_set_and_the_password_is_not_shown() {
    assertThat(of(Map.of()).enabled()).isFalse();
    assertThat(of(Map.of("bincard.reconciliation.decoding.password", "tulip")).toString())
        .contains("bincard_decoding")
        .doesNotContain("tulip");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user= ",
        "window=1023",
        "window=16777217",
        "patience=0s",
        "look-every=9ms",
        "acknowledge-every=61s",
        "first-pause=9ms",
        "longest-pause=499ms"
      })
  void a_value_that_makes_no_sense_is_refused_by_its_name(String setting) {
    String[] keyAndValue = setting.split("=", 2);

    assertThatThrownBy(
            () -> of(Map.of("bincard.reconciliation.decoding." + keyAndValue[0], keyAndValue[1])))
        .hasStackTraceContaining("bincard.reconciliation.decoding." + keyAndValue[0] + " must");
  }
}
