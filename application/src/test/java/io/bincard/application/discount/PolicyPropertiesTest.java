package io.bincard.application.discount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PolicyPropertiesTest {

  private static <T> T bind(String prefix, Class<T> type, Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate(prefix, type);
  }

  @Test
  void watches_nothing_unless_told_to() {
    assertThat(bind("bincard.policies", PolicyProperties.class, Map.of()).watched()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "moved, -1ms",
    "moved, 301ms",
    "written, 4ms",
    "longest-change, 299ms",
    "longest-change, 61m",
    "answer, 0s",
    "answer, -1s",
    "recent-carts, 0",
    "recent-carts, 1001",
    "look-every, 9ms",
    "look-every, 61s",
    "max-size, 0B",
    "max-size, 257MB",
    "environment, ..",
    "environment, ../prod",
  })
  void refuses_settings_of_policies_that_make_no_sense(String key, String value) {
    assertThatThrownBy(
            () ->
                bind(
                    "bincard.policies",
                    PolicyProperties.class,
                    Map.of("bincard.policies." + key, value)))
        .isInstanceOf(BindException.class)
        .rootCause()
        .hasMessageContainingAll("bincard.policies", key);
  }

  @ParameterizedTest
  @CsvSource({
    "versions-kept, 1",
    "versions-kept, 1001",
    "policy-age, -1ms",
    "policy-age, 1001ms",
    "account-age, -1ms",
    "account-age, 1001ms",
  })
  void refuses_settings_of_discounts_that_make_no_sense(String key, String value) {
    assertThatThrownBy(
            () ->
                bind(
                    "bincard.discounts",
                    DiscountProperties.class,
                    Map.of("bincard.discounts." + key, value)))
        .isInstanceOf(BindException.class)
        .rootCause()
        .hasMessageContainingAll("bincard.discounts", key);
  }
}
