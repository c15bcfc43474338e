package io.bincard.benchmarks;

import io.bincard.benchmarks.Verdicts.Verdict;
import io.bincard.benchmarks.load.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The outcome of a run: a table for people and every sample for programs.
 *
 * @param facts about the machine
 * @param figures that are no rounds: bytes, milliseconds, chosen numbers of clients
 */
record Report(
    Map<String, String> facts,
    Options options,
    Map<String, Row> rows,
    Map<String, Double> figures) {

  String markdown() {
    StringBuilder text = new StringBuilder();
    facts.forEach(
        (name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
    text.append(
        String.format(
            Locale.ROOT,
            "- %d rounds of %.1f s each, after one to warm up; medians, (minimum – maximum)%n%n",
            options.rounds(),
            (double) options.time().toMillis() / 1_000));
    text.append(
        "| who | a second | p50 ms | p99 ms | p99.9 ms | max ms |\n|---|---:|---:|---:|---:|---:|\n");
    for (Row row : rows.values()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %,.0f (%,.0f – %,.0f)",
              row.name(),
              row.perSecond(),
              row.min(),
              row.max()));
      text.append(String.format(Locale.ROOT, " | %s", millis(row.median(Sample::p50))));
      text.append(String.format(Locale.ROOT, " | %s", millis(row.median(Sample::p99))));
      text.append(String.format(Locale.ROOT, " | %s", millis(row.median(Sample::p999))));
      text.append(String.format(Locale.ROOT, " | %s |%n", millis(row.median(Sample::max))));
    }
    text.append('\n');
    figures.forEach(
        (name, value) -> text.append(String.format(Locale.ROOT, "- %s: %,.0f%n", name, value)));
    text.append("\n| goal | asked | measured | |\n|---|---|---|---|\n");
    for (Verdict verdict : Verdicts.of(rows, figures)) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s |%n",
              verdict.goal(),
              verdict.asked(),
              verdict.measured(),
              verdict.words()));
    }
    return text.toString();
  }

  private static String millis(double value) {
    return value < 0 ? "" : String.format(Locale.ROOT, "%.2f", value);
  }

  String json() {
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    rows.forEach((name, row) -> samples.put(name, row.samples()));
    return new JsonMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValueAsString(
            Map.of(
                "facts", facts,
                "samples", samples,
                "figures", figures,
                "verdicts", Verdicts.of(rows, figures)));
  }
}
