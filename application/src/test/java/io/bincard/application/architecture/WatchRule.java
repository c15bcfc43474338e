package io.bincard.application.architecture;

import io.bincard.application.architecture.MetricsPage.Labels;
import io.bincard.application.architecture.PromQl.Matcher;
import io.bincard.application.architecture.PromQl.Selector;
import io.bincard.application.architecture.WatchFiles.Asked;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What holds for the rules by which Prometheus watches a ledger and for the dashboard: they ask for
 * what there is, and an alert says what to do.
 */
@SuppressWarnings("ImmutableEnumChecker") // The samples are in an unmodifiable list.
enum WatchRule implements CheckoutRule {
  A_LEDGER_CAN_BE_WATCHED(
      Checkout.of("README.md", "Nobody watches.\n"),
      Sample.without("deploy/prometheus/a.yml"),
      Sample.without("deploy/prometheus/tests/a.yml"),
      Sample.without("deploy/grafana/a.json")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      WatchFiles files = WatchFiles.in(checkout);
      return Stream.of(
              Map.entry("alert", files.alerts().isEmpty()),
              Map.entry("test of an alert", files.tests().isEmpty()),
              Map.entry("dashboard", files.dashboards().isEmpty()))
          .filter(Entry::getValue)
          .map(each -> "there is no " + each.getKey());
    }
  },

  EVERY_METRIC_ASKED_FOR_IS_WRITTEN_DOWN(
      Sample.rule("bincard_writes_total > 0"),
      Sample.rule("sum(rate(diff_reads_total[5m])) > 1"),
      Sample.rule("bincard:reads:rate5m > 1"),
      Sample.rule("{source=\"view\"} > 1"),
      // A histogram is not a series; nor has every counter a _sum.
      Sample.rule("bincard_flush_seconds > 1"),
      Sample.rule("bincard_reads_total_sum > 1"),
      Sample.rule("process_cpu_usage_bucket > 1"),
      Sample.test("bincard_read_total{source=\"view\"}"),
      Sample.panel("bincard_reads_total", "bincard_read_total"),
      Sample.dashboard(
          """
          {"templating":{"list":[{"type":"query","definition":"label_values(bincard_read_total, job)"}]}}
          """)) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      WatchFiles files = WatchFiles.in(checkout);
      Set<String> known = new HashSet<>(MetricsPage.in(checkout).series().keySet());
      known.addAll(files.recorded().keySet());
      known.addAll(PROMETHEUS_OWN);
      return files
          .asked()
          .flatMap(
              asked ->
                  PromQl.of(asked.expression()).selectors().stream()
                      .map(Selector::metric)
                      .filter(metric -> !known.contains(metric))
                      .map(metric -> asked.where() + ": no metric is called " + metric));
    }
  },

  EVERY_LABEL_ASKED_FOR_IS_WRITTEN_DOWN(
      Sample.rule("bincard_reads_total{sauce=\"view\"} > 1"),
      Sample.rule("bincard_reads_total{source=\"views\"} > 1"),
      Sample.rule("bincard_reads_total{source!=\"views\"} > 1"),
      Sample.rule("bincard_reads_total{source=~\"view|ledgers\"} > 1"),
      Sample.rule("sum by (job, sauce) (bincard_reads_total) > 1"),
      Sample.rule("bincard_reads_total > ignoring (sauce) bincard_reads_total"),
      Sample.rule("bincard_reads_total{le=\"1\"} > 1"),
      Sample.alert("summary: s", "summary: '{{ $labels.sauce }}'"),
      Sample.test("bincard_reads_total{source=\"views\"}"),
      Sample.panel("{{source}}", "{{sauce}}")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      WatchFiles files = WatchFiles.in(checkout);
      Map<String, Labels> series = new LinkedHashMap<>(MetricsPage.in(checkout).series());
      // In their order: what is recorded is made of what is, or was recorded before it.
      files.recorded().forEach((name, by) -> series.put(name, ofRecorded(by, series)));
      return files.asked().flatMap(asked -> wrongLabels(asked, series)).distinct();
    }

    /** What is recorded has at most the labels of what it is made of. */
    private static Labels ofRecorded(String expression, Map<String, Labels> series) {
      Map<String, Set<String>> all = new LinkedHashMap<>();
      boolean listed = true;
      for (Selector selector : PromQl.of(expression).selectors()) {
        Labels labels = series.getOrDefault(selector.metric(), Labels.UNKNOWN);
        all.putAll(labels.values());
        listed &= labels.listed();
      }
      return new Labels(listed, all);
    }

    private static Stream<String> wrongLabels(Asked asked, Map<String, Labels> series) {
      PromQl expression = PromQl.of(asked.expression());
      List<String> wrong = new ArrayList<>();
      Set<String> labels = new TreeSet<>(OF_A_TARGET);
      boolean listed = true;
      for (Selector selector : expression.selectors()) {
        Labels has = series.getOrDefault(selector.metric(), Labels.UNKNOWN);
        labels.addAll(has.values().keySet());
        listed &= has.listed();
        for (Matcher matcher : selector.matchers()) {
          if (!OF_A_TARGET.contains(matcher.label())) {
            wrong.addAll(wrong(selector.metric(), matcher, has));
          }
        }
      }
      if (listed) {
        Stream.concat(expression.groupings().stream(), asked.shown().stream())
            .filter(label -> !labels.contains(label))
            .forEach(label -> wrong.add("nothing that is asked for has a label " + label));
      }
      return wrong.stream().map(what -> asked.where() + ": " + what);
    }

    private static List<String> wrong(String metric, Matcher matcher, Labels has) {
      if (!has.has(matcher.label())) {
        return List.of(metric + " has no label " + matcher.label());
      }
      List<String> values =
          matcher.operator().endsWith("~")
              ? Arrays.asList(matcher.value().split("\\|", -1))
              : List.of(matcher.value());
      return values.stream()
          .filter(value -> PLAIN.matcher(value).matches())
          .filter(value -> !has.can(matcher.label(), value))
          .map(value -> "no %s of %s is %s".formatted(matcher.label(), metric, value))
          .toList();
    }
  },

  EVERY_ALERT_SAYS_WHAT_TO_DO(
      Sample.alert("severity: page", "severity: urgent"),
      Sample.alert("summary: s, ", ""),
      Sample.alert("description: d, ", ""),
      Sample.alert(", runbook: 'docs/how-to/watch-bincard.md#watch'", ""),
      Sample.alert("#watch", ""),
      Sample.alert("#watch", "#watched")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      return WatchFiles.in(checkout).alerts().entrySet().stream()
          .flatMap(
              alert ->
                  lacking(checkout, alert.getValue())
                      .map(what -> alert.getKey() + " has no " + what));
    }

    private static Stream<String> lacking(Checkout checkout, JsonNode alert) {
      JsonNode words = alert.path("annotations");
      String runbook = words.path("runbook").asString("");
      return Stream.of(
              Map.entry(
                  "severity, page or ticket",
                  List.of("page", "ticket")
                      .contains(alert.path("labels").path("severity").asString(""))),
              Map.entry("summary", !words.path("summary").asString("").isBlank()),
              Map.entry("description", !words.path("description").asString("").isBlank()),
              Map.entry(
                  "runbook that leads to a heading",
                  runbook.contains("#") && DocsRule.leadsSomewhere(checkout, "README.md", runbook)))
          .filter(each -> !each.getValue())
          .map(Entry::getKey);
    }
  },

  EVERY_ALERT_IS_IN_THE_GUIDE(
      Sample.alert("BincardSold", "BincardLost"),
      Sample.with(WatchRule.GUIDE, "# Watch\n\n`BincardSold`, `BincardLost`\n")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      Set<String> alerts = WatchFiles.in(checkout).alerts().keySet();
      Set<String> told =
          ALERT
              .matcher(checkout.files().getOrDefault(GUIDE, ""))
              .results()
              .map(found -> found.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      return Stream.concat(
          alerts.stream()
              .filter(name -> !told.contains(name))
              .map(name -> GUIDE + " does not tell of " + name),
          told.stream()
              .filter(name -> !alerts.contains(name))
              .map(name -> GUIDE + " tells of " + name + ", which is no alert"));
    }
  },

  EVERY_ALERT_IS_SEEN_FIRING(
      Sample.alert("BincardSold", "BincardLost"),
      Sample.with("deploy/prometheus/tests/a.yml", "tests: []\n")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      WatchFiles files = WatchFiles.in(checkout);
      Set<String> seen =
          files.tests().values().stream()
              .flatMap(test -> test.findValuesAsString("labels").stream())
              .collect(Collectors.toSet());
      return files.alerts().keySet().stream()
          .filter(name -> !seen.contains("{alertname=\"" + name + "\"}"))
          .map(name -> "no test makes " + name + " fire");
    }
  },

  A_DASHBOARD_BELONGS_TO_NO_ONE_SERVER(
      Sample.dashboard("{\"uid\":\"9f3c\"}\n"),
      Sample.dashboard("{\"panels\":[{\"datasource\":{\"uid\":\"9f3c\"}}]}\n"),
      Sample.dashboard("{\"panels\":[{\"datasource\":\"Prometheus\"}]}\n"),
      Sample.dashboard("{\"panels\":[{\"targets\":[{\"expr\":\"up\"}]}]}\n")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      return WatchFiles.in(checkout).dashboards().entrySet().stream()
          .flatMap(
              dashboard ->
                  Stream.concat(
                      dashboard.getValue().findParents("expr").stream()
                          .filter(target -> !target.path("datasource").has("uid"))
                          .map(target -> "no data source for " + target.path("expr")),
                      Stream.of("uid", "datasource")
                          .flatMap(name -> dashboard.getValue().findValues(name).stream())
                          .filter(JsonNode::isString)
                          .map(JsonNode::asString)
                          .filter(value -> !value.equals("${datasource}"))
                          .map(value -> dashboard.getKey() + " names " + value)));
    }
  },

  EVERY_PANEL_SAYS_WHAT_IT_SHOWS(
      Sample.panel("\"description\":\"d\"", "\"description\":\"\""),
      Sample.panel("\"title\":\"t\",", ""),
      Sample.panel("\"unit\":\"s\"", ""),
      Sample.panel(",\"legendFormat\":\"{{source}}\"", "")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      return WatchFiles.in(checkout).dashboards().values().stream()
          .flatMap(dashboard -> dashboard.path("panels").valueStream())
          .filter(panel -> !panel.path("type").asString("").equals("row"))
          .flatMap(
              panel ->
                  Stream.of("title", "description", "unit", "legendFormat")
                      .filter(
                          name ->
                              panel.findValuesAsString(name).isEmpty()
                                  || panel.findValuesAsString(name).stream()
                                      .anyMatch(String::isBlank))
                      .map(name -> "panel " + panel.path("title") + ": no " + name));
    }
  };

  private static final String GUIDE = "docs/how-to/watch-bincard.md";
  private static final Pattern ALERT = Pattern.compile("`(Bincard[A-Z]\\w+)`");

  /** A value and not a regular expression, a variable or a template. */
  private static final Pattern PLAIN = Pattern.compile("[\\w-]+");

  /** What Prometheus says of itself and its targets. */
  private static final Set<String> PROMETHEUS_OWN = Set.of("ALERTS", "up");

  /** What Prometheus adds to every series. */
  private static final Set<String> OF_A_TARGET = Set.of("job", "instance");

  private final List<Checkout> bad;

  WatchRule(Checkout... bad) {
    this.bad = List.of(bad);
  }

  @Override
  public List<Checkout> bad() {
    return bad;
  }

  /** A checkout that is well, small, for samples in which one thing is wrong. */
  static Checkout good() {
    return new Checkout(Sample.FILES, Map.of());
  }

  private static final class Sample {

    private static final String RULE =
        """
        groups:
          - rules:
              - record: job:bincard_reads:rate5m
                expr: sum by (job) (rate(bincard_reads_total[5m]))
              - alert: BincardSold
                expr: '%s'
                labels: {severity: page}
                annotations: {summary: s, description: d, runbook: 'docs/how-to/watch-bincard.md#watch'}
        """;

    private static final String EXPRESSION =
        "job:bincard_reads:rate5m > 1 and on (job) bincard_reads_total{source=~\"view|ledger\"} > 0";

    private static final String TEST =
        """
        tests:
          - input_series:
              - series: '%s'
                values: 0 1
            promql_expr_test:
              - expr: ALERTS or process_cpu_usage
                exp_samples: [{labels: '{alertname="BincardSold"}', value: 1}]
        """;

    private static final String PANEL =
        """
        {"panels":[{"title":"t","description":"d","fieldConfig":{"defaults":{"unit":"s"}},"targets":[
        {"datasource":{"uid":"${datasource}"},
        "expr":"sum by (source) (bincard_reads_total)","legendFormat":"{{source}}"}]}]}
        """;

    static final Map<String, String> FILES =
        Map.of(
            MetricsPage.PATH,
            """
            | `bincard_reads_total` | counter | `source`: `view`, `ledger` | who answered |
            | `bincard_flush_seconds` | histogram, 1 s to 10 s | | time |

            | `process_cpu_usage` | from 0 to 1 |
            """,
            GUIDE,
            "# Watch\n\n`BincardSold`\n",
            "deploy/prometheus/a.yml",
            RULE.formatted(EXPRESSION),
            "deploy/prometheus/tests/a.yml",
            TEST.formatted("bincard_flush_seconds_bucket{job=\"a\", le=\"1\"}"),
            "deploy/grafana/a.json",
            PANEL);

    /** An alert with another expression. */
    static Checkout rule(String expression) {
      return with("deploy/prometheus/a.yml", RULE.formatted(expression));
    }

    /** The alert with other words. */
    static Checkout alert(String words, String others) {
      return with("deploy/prometheus/a.yml", RULE.formatted(EXPRESSION).replace(words, others));
    }

    /** A test that is given another series. */
    static Checkout test(String series) {
      return with("deploy/prometheus/tests/a.yml", TEST.formatted(series));
    }

    /** The panel with other words. */
    static Checkout panel(String words, String others) {
      return dashboard(PANEL.replace(words, others));
    }

    static Checkout dashboard(String text) {
      return with("deploy/grafana/a.json", text);
    }

    static Checkout without(String path) {
      Map<String, String> files = new LinkedHashMap<>(FILES);
      files.remove(path);
      return new Checkout(files, Map.of());
    }

    static Checkout with(String path, String text) {
      Map<String, String> files = new LinkedHashMap<>(FILES);
      files.put(path, text);
      return new Checkout(files, Map.of());
    }
  }
}
