package io.bincard.application.architecture;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What holds for the documents: what they name exists, and what must be written down is. */
@SuppressWarnings("ImmutableEnumChecker") // The samples are in an unmodifiable list.
enum DocsRule implements CheckoutRule {
  EVERY_LINK_LEADS_SOMEWHERE(
      Checkout.of("README.md", "[gone](docs/gone.md)\n"),
      Checkout.of("README.md", "![picture](docs/gone.svg)\n"),
      Checkout.of("README.md", "[`code`](docs/gone.md)\n"),
      Checkout.of("README.md", "see [it]\n\n[it]: docs/gone.md\n"),
      Checkout.of("README.md", "# Here\n\n[no such heading](#there)\n"),
      Checkout.of("docs/a.md", "[out of the checkout](../../a.md)\n"),
      Checkout.of("README.md", "[from the root of a disk](/README.md)\n"),
      new Checkout(Map.of("README.md", "[b](docs/b.md#two)\n", "docs/b.md", "# One\n"), Map.of())) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      return checkout
          .filesLike(DOCUMENT)
          .flatMap(
              document ->
                  linksIn(document.getValue())
                      .filter(link -> !leadsSomewhere(checkout, document.getKey(), link))
                      .map(link -> document.getKey() + ": a link to " + link));
    }
  },

  EVERY_SETTING_NAMED_EXISTS(
      new Checkout(
          Map.of("docs/a.md", "Set `bincard.writer.batch-sise` to 1.\n"),
          Map.of("bincard.writer.batch-size", "256")),
      new Checkout(
          Map.of("deploy/prometheus/a.yml", "description: Raise bincard.writer.batch-sise.\n"),
          Map.of("bincard.writer.batch-size", "256"))) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      return checkout
          .filesLike(DOCUMENT + "|deploy/(prometheus|grafana)/.*")
          .flatMap(
              document ->
                  SETTING
                      .matcher(document.getValue())
                      .results()
                      .map(MatchResult::group)
                      .filter(key -> !isSettingOrGroup(checkout, key))
                      .map(key -> document.getKey() + ": no setting is called " + key));
    }

    private static boolean isSettingOrGroup(Checkout checkout, String key) {
      return checkout.settings().keySet().stream()
          .anyMatch(setting -> (setting + ".").startsWith(key + "."));
    }
  },

  EVERY_SETTING_IS_WRITTEN_DOWN(
      Checkout.of("README.md", "There is no page of settings.\n"),
      new Checkout(
          Map.of(DocsRule.SETTINGS_PAGE, "| key | default |\n|---|---|\n"),
          Map.of("bincard.writer.batch-size", "256")),
      new Checkout(
          Map.of(DocsRule.SETTINGS_PAGE, "| `bincard.writer.batch-size` | `128` | at most |\n"),
          Map.of("bincard.writer.batch-size", "256"))) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      if (!checkout.files().containsKey(SETTINGS_PAGE)) {
        return Stream.of(SETTINGS_PAGE + " is missing");
      }
      List<String> rows = checkout.files().get(SETTINGS_PAGE).lines().toList();
      return checkout.settings().entrySet().stream()
          .filter(setting -> rows.stream().noneMatch(row -> describes(row, setting)))
          .map(
              setting ->
                  SETTINGS_PAGE
                      + ": no row for `%s` with its default `%s`"
                          .formatted(setting.getKey(), setting.getValue()));
    }

    private static boolean describes(String row, Entry<String, String> setting) {
      return row.startsWith("| `" + setting.getKey() + "` |")
          && (setting.getValue().isEmpty() || row.contains("| `" + setting.getValue() + "` |"));
    }
  },

  EVERY_TYPE_NAMED_IN_THE_ARCHITECTURE_EXISTS(
      Checkout.of("README.md", "There is no page of the architecture.\n"),
      Checkout.of(DocsRule.ARCHITECTURE_PAGE, "A `StockItm` decides.\n"),
      new Checkout(
          Map.of(
              DocsRule.ARCHITECTURE_PAGE,
              "A `StockItem.Lost` decides.\n",
              "domain/src/main/java/StockItem.java",
              "record StockItem() {}\n"),
          Map.of())) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      if (!checkout.files().containsKey(ARCHITECTURE_PAGE)) {
        return Stream.of(ARCHITECTURE_PAGE + " is missing");
      }
      Set<String> known =
          checkout
              .filesLike("([^/]+/)+src/.*\\.java")
              .flatMap(source -> TYPE_KNOWN.matcher(source.getValue()).results())
              .map(found -> found.group(1))
              .collect(Collectors.toSet());
      return TYPE_NAMED
          .matcher(withoutFences(checkout.files().get(ARCHITECTURE_PAGE)))
          .results()
          .map(found -> found.group(1))
          .filter(name -> !known.containsAll(Arrays.asList(name.split("\\.", -1))))
          .map(name -> ARCHITECTURE_PAGE + ": no type is called " + name);
    }
  },

  STAYS_SHORT(
      Checkout.of("README.md", "a line\n".repeat(151)),
      Checkout.of("docs/decisions/0001-it-is-so.md", "word ".repeat(601) + "\n")) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      Stream<String> readme =
          checkout
              .filesLike("README\\.md")
              .filter(file -> file.getValue().lines().count() > 150)
              .map(file -> file.getKey() + " has more than 150 lines");
      Stream<String> decisions =
          checkout
              .filesLike(DECISION)
              .filter(file -> file.getValue().strip().split("\\s+").length > 600)
              .map(file -> file.getKey() + " has more than 600 words");
      return Stream.concat(readme, decisions);
    }
  },

  DECISIONS_ARE_NUMBERED_SENTENCES(
      Checkout.of("docs/decisions/formatting.md", "# Formatting\n"),
      Checkout.of("docs/decisions/0002-the-first-is-gone.md", "# The first is gone\n"),
      new Checkout(
          Map.of(
              "docs/decisions/0001-one.md", "# One\n",
              "docs/decisions/0001-another.md", "# Another\n"),
          Map.of())) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      List<String> names =
          checkout
              .filesLike(DECISION)
              .map(file -> file.getKey().replaceFirst(".*/", ""))
              .sorted()
              .toList();
      return names.stream()
          .filter(
              name -> !name.matches("%04d(-[a-z0-9]+)+\\.md".formatted(names.indexOf(name) + 1)))
          .map(name -> name + " is not NNNN-a-full-sentence.md, or a number is doubled or missing");
    }
  },

  CI_RUNS_THE_COMMAND_OF_THE_README(
      Checkout.of("README.md", "mvn -B verify\n"),
      new Checkout(
          Map.of("README.md", "mvn -B verify\n", ".ci/run", "exec mvn -B test\n"), Map.of())) {
    @Override
    public Stream<String> brokenIn(Checkout checkout) {
      String command =
          checkout
              .files()
              .getOrDefault(".ci/run", "")
              .lines()
              .reduce("nothing", (_, last) -> last)
              .replaceFirst("^exec ", "");
      return checkout.files().getOrDefault("README.md", "").contains(command)
          ? Stream.of()
          : Stream.of("README.md does not show: " + command);
    }
  };

  private static final String DOCUMENT = "(README|CONTRIBUTING|CHANGELOG|docs/.+)\\.md";
  private static final String DECISION = "docs/decisions/.*";
  private static final String SETTINGS_PAGE = "docs/reference/configuration.md";
  private static final String ARCHITECTURE_PAGE = "docs/ARCHITECTURE.md";

  /**
   * A key as the configuration spells it; a metric is spelled as Prometheus does, with {@code _}.
   */
  private static final Pattern SETTING =
      Pattern.compile("(?<![\\w./-])bincard(?!\\.jar\\b)(\\.[a-z0-9]+(-[a-z0-9]+)*)+");

  private static final Pattern TYPE_NAMED =
      Pattern.compile("`((?:[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*\\.?)+)(?<!\\.)`");

  /** A type that a source declares or imports. */
  private static final Pattern TYPE_KNOWN =
      Pattern.compile("\\b(?:(?:class|record|interface|enum) |import (?:\\w+\\.)+)([A-Z]\\w*)");

  private static final Pattern FENCE = Pattern.compile("(?ms)^ *(```|~~~).*?^ *\\1 *$");
  private static final Pattern CODE = Pattern.compile("`[^`\\n]+`");
  private static final Pattern LINK =
      Pattern.compile("\\]\\(\\s*([^)\\s]*)[^)]*\\)|(?m:^\\[[^\\]]+\\]:\\s*(\\S+))");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *#*$");

  private final List<Checkout> bad;

  DocsRule(Checkout... bad) {
    this.bad = List.of(bad);
  }

  @Override
  public List<Checkout> bad() {
    return bad;
  }

  private static String withoutFences(String document) {
    return FENCE.matcher(document).replaceAll("");
  }

  private static Stream<String> linksIn(String document) {
    return LINK.matcher(CODE.matcher(withoutFences(document)).replaceAll(""))
        .results()
        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
        .filter(link -> !link.matches("[a-z]+:.*"));
  }

  /**
   * Whether {@code link}, in the document {@code from}, is to a file or a heading that is there.
   */
  static boolean leadsSomewhere(Checkout checkout, String from, String link) {
    String[] parts = link.split("#", 2);
    String to = parts[0].isEmpty() ? from : Path.of(from).resolveSibling(parts[0]).normalize() + "";
    boolean isFolder =
        checkout.files().keySet().stream().anyMatch(path -> path.startsWith(to + "/"));
    if (parts.length == 1 || isFolder) {
      return isFolder || checkout.files().containsKey(to);
    }
    return anchorsIn(checkout.files().getOrDefault(to, "")).contains(parts[1]);
  }

  /** The anchors of the headings, as GitHub and its kin make them. */
  private static Set<String> anchorsIn(String document) {
    Set<String> anchors = new TreeSet<>();
    HEADING
        .matcher(withoutFences(document))
        .results()
        .map(found -> found.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .forEach(
            anchor -> {
              String unique = anchor;
              for (int twin = 1; !anchors.add(unique); twin++) {
                unique = anchor + "-" + twin;
              }
            });
    return anchors;
  }
}
