package io.bincard.application.architecture;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RunningBincard;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page of metrics and a running server tell of the same ones. */
class MetricsIT {

  private static final String OUR_OWN = "bincard_";
  private static final String OURS = "(bincard|diff)_.*";

  private static Set<String> served = Set.of();
  private static Set<String> writtenDown = Set.of();

  @BeforeAll
  static void ask() throws Exception {
    RunningBincard bincard = RunningBincard.shared();
    bincard.get("/v1/stock/METRICS-IT");
    served = matches("(?m)^# TYPE (\\w+) ", scrape());
    writtenDown =
        matches(
            "(?m)^\\| `([a-z_0-9]+)` \\|",
            Checkout.here().files().getOrDefault("docs/reference/metrics.md", ""));
  }

  private static String scrape() throws Exception {
    return RunningBincard.shared().get("/actuator/prometheus").body();
  }

  /** Our own samples in {@code scraped}, by name and labels. */
  private static Map<String, Double> samples(String scraped) {
    return scraped
        .lines()
        .filter(line -> line.startsWith(OUR_OWN))
        .map(line -> line.split(" (?=\\S+$)", 2))
        .collect(toMap(sample -> sample[0], sample -> Double.valueOf(sample[1])));
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
    assertThat(served.stream().filter(name -> name.matches(OURS)).toList())
        .isNotEmpty()
        .isSubsetOf(writtenDown);
  }

  @Test
  void what_senders_over_http_were_told_is_what_the_writer_counted() throws Exception {
    RunningBincard bincard = RunningBincard.shared();
    String item = "{\"sku\":\"COUNTED\",\"openingQuantity\":5}";
    String line =
        "{\"key\":\"counted-%d\",\"type\":\"deduct-stock\",\"sku\":\"COUNTED\",\"quantity\":%d,\"orderId\":\"o\"}\n";
    String tooMany = "{\"quantity\":6,\"orderId\":\"o\"}";
    Map<String, Double> before = samples(scrape());

    bincard.post("/v1/stock-items", "counted-1", item);
    bincard.post("/v1/stock/COUNTED/deductions", "counted-2", tooMany);
    bincard.post("/v1/stock/COUNTED/deductions", "counted-2", tooMany);
    bincard.post("/v1/stock/COUNTED/receipts", "counted-2", "{\"quantity\":6}");
    bincard.batch("atomic", line.formatted(3, 1) + line.formatted(4, 5) + line.formatted(5, 1));

    Map<String, Double> after = samples(scrape());
    assertThat(after)
        .containsEntry("bincard_writer_queue", 0.0)
        .containsEntry("bincard_writer_queue_capacity", 20_000.0)
        .containsKeys(
            "bincard_writer_commit_seconds_bucket{le=\"2.0E-4\"}",
            "bincard_writer_commit_seconds_bucket{le=\"5.0\"}",
            "bincard_writer_batch_bucket{le=\"1000.0\"}");
    Map<String, Double> grown = new TreeMap<>();
    after.forEach((name, value) -> grown.put(name, value - before.getOrDefault(name, 0.0)));
    assertThat(grown)
        .containsAllEntriesOf(
            Map.of(
                "bincard_writer_commands_total{outcome=\"done\"}", 1.0,
                "bincard_writer_commands_total{outcome=\"rejected\"}", 2.0,
                "bincard_writer_commands_total{outcome=\"replayed\"}", 1.0,
                "bincard_writer_commands_total{outcome=\"key-reused\"}", 1.0,
                "bincard_writer_commands_total{outcome=\"skipped\"}", 2.0,
                "bincard_writer_commands_total{outcome=\"failed\"}", 0.0,
                "bincard_writer_busy_total", 0.0,
                "bincard_writer_batch_count", 5.0,
                "bincard_writer_batch_sum", 7.0,
                "bincard_writer_commit_seconds_count", 3.0));
    assertThat(grown.get("bincard_writer_commit_seconds_sum")).isPositive();
  }
}
