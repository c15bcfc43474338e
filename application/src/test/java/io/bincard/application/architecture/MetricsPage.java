package io.bincard.application.architecture;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The page of metrics, as rules and dashboards are held against it.
 *
 * @param series the labels of every series that a metric of the page has
 */
record MetricsPage(Map<String, Labels> series) {

  static final String PATH = "docs/reference/metrics.md";

  /** Of Bincard's own: its name, kind, labels and meaning. */
  private static final Pattern OWN =
      Pattern.compile("(?m)^\\| `([a-z_0-9]+)` \\|([^|]*)\\|([^|]*)\\|[^|]*\\|$");

  /** Of others: its name and what to look at it for; its labels are not listed. */
  private static final Pattern OTHER = Pattern.compile("(?m)^\\| `([a-z_0-9]+)` \\|[^|]*\\|$");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /**
   * The labels of a series.
   *
   * @param listed whether the page lists them
   * @param values of each label those that it can have; none where the page does not say
   */
  record Labels(boolean listed, Map<String, Set<String>> values) {

    static final Labels UNKNOWN = new Labels(false, Map.of());

    boolean has(String label) {
      return !listed || values.containsKey(label);
    }

    boolean can(String label, String value) {
      Set<String> possible = values.getOrDefault(label, Set.of());
      return possible.isEmpty() || possible.contains(value);
    }
  }

  static MetricsPage in(Checkout checkout) {
    String page = checkout.files().getOrDefault(PATH, "");
    Map<String, Labels> series = new TreeMap<>();
    OTHER
        .matcher(page)
        .results()
        .map(row -> row.group(1))
        .forEach(
            name ->
                List.of("", "_count", "_sum", "_max")
                    .forEach(part -> series.put(name + part, Labels.UNKNOWN)));
    OWN.matcher(page).results().forEach(row -> addOwn(row, series));
    return new MetricsPage(series);
  }

  private static void addOwn(MatchResult row, Map<String, Labels> series) {
    String name = row.group(1);
    String kind = row.group(2).strip();
    Map<String, Set<String>> labels = labelsOf(row.group(3));
    Labels listed = new Labels(true, labels);
    if (kind.startsWith("histogram")) {
      Map<String, Set<String>> andBuckets = new LinkedHashMap<>(labels);
      andBuckets.put("le", Set.of());
      series.put(name + "_bucket", new Labels(true, andBuckets));
    }
    if (kind.startsWith("histogram") || kind.startsWith("summary")) {
      series.put(name + "_count", listed);
      series.put(name + "_sum", listed);
    } else {
      series.put(name, listed);
    }
  }

  /** {@code `of`: `order`, `quote`; `difference`: `none`}: labels and what values they have. */
  private static Map<String, Set<String>> labelsOf(String cell) {
    Map<String, Set<String>> labels = new LinkedHashMap<>();
    for (String part : Arrays.asList(cell.split(";", -1))) {
      List<String> words = CODE.matcher(part).results().map(found -> found.group(1)).toList();
      if (!words.isEmpty()) {
        labels.put(words.getFirst(), new TreeSet<>(words.subList(1, words.size())));
      }
    }
    return labels;
  }
}
