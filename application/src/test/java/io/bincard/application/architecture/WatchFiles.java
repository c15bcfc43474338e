package io.bincard.application.architecture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rules for Prometheus, their tests and the dashboards of a checkout.
 *
 * @param rules the file of each rule, and the rule: one that records or one that alerts
 * @param tests of each file of tests its content
 * @param dashboards of each file with a dashboard its content
 */
record WatchFiles(
    List<Entry<String, JsonNode>> rules,
    Map<String, JsonNode> tests,
    Map<String, JsonNode> dashboards) {

  private static final Pattern VARIABLE = Pattern.compile("label_values\\((.+), *(\\w+)\\)");
  private static final Pattern IN_BRACES = Pattern.compile("\\{\\{ *(?:\\$labels\\.)?(\\w+) *}}");

  /**
   * An expression.
   *
   * @param where it is, for a person to read
   * @param shown the labels that are shown of what it finds
   */
  record Asked(String where, String expression, Set<String> shown) {}

  static WatchFiles in(Checkout checkout) {
    JsonMapper json = new JsonMapper();
    List<Entry<String, JsonNode>> rules = new ArrayList<>();
    checkout
        .filesLike("deploy/prometheus/[^/]+\\.yml")
        .forEach(
            file ->
                yaml(json, file.getValue())
                    .path("groups")
                    .forEach(
                        group ->
                            group
                                .path("rules")
                                .forEach(rule -> rules.add(Map.entry(file.getKey(), rule)))));
    Map<String, JsonNode> tests = new LinkedHashMap<>();
    checkout
        .filesLike("deploy/prometheus/tests/[^/]+\\.yml")
        .forEach(file -> tests.put(file.getKey(), yaml(json, file.getValue())));
    Map<String, JsonNode> dashboards = new LinkedHashMap<>();
    checkout
        .filesLike("deploy/grafana/[^/]+\\.json")
        .forEach(file -> dashboards.put(file.getKey(), json.readTree(file.getValue())));
    return new WatchFiles(List.copyOf(rules), tests, dashboards);
  }

  private static JsonNode yaml(JsonMapper json, String text) {
    Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    return json.valueToTree(read);
  }

  /** The rules that alert, by the alert's name. */
  Map<String, JsonNode> alerts() {
    Map<String, JsonNode> alerts = new LinkedHashMap<>();
    rules.stream()
        .map(Entry::getValue)
        .filter(rule -> rule.has("alert"))
        .forEach(rule -> alerts.put(rule.path("alert").asString(""), rule));
    return alerts;
  }

  /** What is recorded, and by which expression. */
  Map<String, String> recorded() {
    Map<String, String> recorded = new LinkedHashMap<>();
    rules.stream()
        .map(Entry::getValue)
        .filter(rule -> rule.has("record"))
        .forEach(
            rule -> recorded.put(rule.path("record").asString(""), rule.path("expr").asString("")));
    return recorded;
  }

  /** Every expression of the rules, of their tests and of the dashboards. */
  Stream<Asked> asked() {
    return Stream.of(askedByRules(), askedByTests(), askedByDashboards()).flatMap(each -> each);
  }

  private Stream<Asked> askedByRules() {
    return rules.stream()
        .map(
            each -> {
              JsonNode rule = each.getValue();
              String name = rule.path("alert").asString("") + rule.path("record").asString("");
              return new Asked(
                  each.getKey() + ": " + name,
                  rule.path("expr").asString(""),
                  inBraces(rule.path("annotations").toString(), "$labels."));
            });
  }

  /** What is given to a test counts as asked for: what no node ever says shows nothing. */
  private Stream<Asked> askedByTests() {
    return tests.entrySet().stream()
        .flatMap(
            test ->
                Stream.concat(
                        test.getValue().findValuesAsString("series").stream(),
                        test.getValue().findValuesAsString("expr").stream())
                    .distinct()
                    .map(expression -> new Asked(test.getKey(), expression, Set.of())));
  }

  Stream<Asked> askedByDashboards() {
    return dashboards.entrySet().stream()
        .flatMap(
            dashboard ->
                Stream.concat(
                    dashboard.getValue().findParents("expr").stream()
                        .map(
                            target ->
                                new Asked(
                                    dashboard.getKey(),
                                    target.path("expr").asString(""),
                                    inBraces(
                                        target.path("legendFormat").asString("")
                                            + target.path("titleFormat").asString("")
                                            + target.path("textFormat").asString(""),
                                        ""))),
                    dashboard
                        .getValue()
                        .path("templating")
                        .path("list")
                        .valueStream()
                        .filter(variable -> variable.path("type").asString("").equals("query"))
                        .flatMap(variable -> queries(variable).distinct())
                        .map(query -> new Asked(dashboard.getKey(), query, Set.of()))));
  }

  /** What a variable asks for, as an expression. */
  private static Stream<String> queries(JsonNode variable) {
    return Stream.of(
            variable.path("definition").asString(""),
            variable.path("query").path("query").asString(""))
        .map(query -> VARIABLE.matcher(query).replaceAll("group by ($2) ($1)"));
  }

  private static Set<String> inBraces(String text, String prefix) {
    Set<String> labels = new LinkedHashSet<>();
    IN_BRACES
        .matcher(text)
        .results()
        .filter(found -> found.group().contains(prefix))
        .forEach(found -> labels.add(found.group(1)));
    return labels;
  }
}
