package io.bincard.application.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What an expression of Prometheus names. It is taken apart and not understood: that is {@code
 * promtool}'s to do.
 *
 * @param selectors the series that it asks for
 * @param groupings the labels by which it sums, or brings series together
 */
record PromQl(List<Selector> selectors, Set<String> groupings) {

  private static final Pattern TOKEN =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|\\$\\w+|\\d[\\w.]*|[A-Za-z_:][\\w:]*"
              + "|=~|!~|[=!<>]=|\\S");

  private static final Set<String> GROUPING =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");

  /** One part between braces: a label, {@code =~} or the like, and what it is held against. */
  record Matcher(String label, String operator, String value) {}

  /** A metric, empty where the expression names none, and what is asked of its labels. */
  record Selector(String metric, List<Matcher> matchers) {}

  static PromQl of(String expression) {
    List<String> tokens = TOKEN.matcher(expression).results().map(MatchResult::group).toList();
    List<Selector> selectors = new ArrayList<>();
    Set<String> groupings = new TreeSet<>();
    int at = 0;
    while (at < tokens.size()) {
      String token = tokens.get(at);
      String next = at + 1 < tokens.size() ? tokens.get(at + 1) : "";
      if (GROUPING.contains(token) && next.equals("(")) {
        List<String> labels = until(")", tokens, at + 2);
        labels.stream().filter(PromQl::isName).forEach(groupings::add);
        at += 2 + labels.size();
      } else if (token.equals("{")) {
        List<String> asked = until("}", tokens, at + 1);
        selectors.add(new Selector("", matchers(asked)));
        at += 1 + asked.size();
      } else if (isName(token) && isMetric(token, next)) {
        List<String> asked = next.equals("{") ? until("}", tokens, at + 2) : List.of();
        selectors.add(new Selector(token, matchers(asked)));
        at += next.equals("{") ? 2 + asked.size() : 0;
      }
      at++;
    }
    return new PromQl(List.copyOf(selectors), groupings);
  }

  private static boolean isName(String token) {
    return token.matches("[A-Za-z_:][\\w:]*");
  }

  /** Whatever is not called, as a function is, and is none of the language's words. */
  private static boolean isMetric(String name, String next) {
    return !next.equals("(")
        && !next.equals("by")
        && !next.equals("without")
        && !GROUPING.contains(name)
        && !WORDS.contains(name);
  }

  private static List<String> until(String end, List<String> tokens, int from) {
    List<String> rest = tokens.subList(from, tokens.size());
    int length = rest.indexOf(end);
    return length < 0 ? rest : rest.subList(0, length);
  }

  private static List<Matcher> matchers(List<String> tokens) {
    List<Matcher> matchers = new ArrayList<>();
    for (int at = 0; at + 2 < tokens.size(); at++) {
      String value = tokens.get(at + 2);
      if (isName(tokens.get(at)) && value.matches("(?s)\".*\"|'.*'")) {
        matchers.add(
            new Matcher(
                tokens.get(at), tokens.get(at + 1), value.substring(1, value.length() - 1)));
        at += 2;
      }
    }
    return List.copyOf(matchers);
  }
}
