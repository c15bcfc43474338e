package io.bincard.application.architecture;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RunningBincard;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page of metrics and a running server tell of the same ones. */
class MetricsIT {

  private static final String OUR_OWN = "bincard_";

  private static Set<String> served = Set.of();
  private static Set<String> writtenDown = Set.of();

  @BeforeAll
  static void ask() throws Exception {
    RunningBincard bincard = RunningBincard.shared();
    bincard.get("/v1/stock/METRICS-IT");
    served = matches("(?m)^# TYPE (\\w+) ", bincard.get("/actuator/prometheus").body());
    writtenDown =
        matches(
            "(?m)^\\| `([a-z_0-9]+)` \\|",
            Checkout.here().files().getOrDefault("docs/reference/metrics.md", ""));
  }

  private static Set<String> matches(String regex, String text) {
    return Pattern.compile(regex)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(toSet());
  }

  @Test
  void every_metric_that_is_written_down_is_served() {
    assertThat(served).containsAll(writtenDown);
    assertThat(writtenDown).hasSizeGreaterThan(10);
  }

  @Test
  void every_metric_of_our_own_is_written_down() {
    assertThat(served.stream().filter(name -> name.startsWith(OUR_OWN)).toList())
        .isNotEmpty()
        .isSubsetOf(writtenDown);
  }
}
