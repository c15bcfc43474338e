package io.bincard.reconciliation.report;

import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.repair.RepairLog.Entry;
import io.bincard.reconciliation.report.RowDifference.Line;
import io.bincard.reconciliation.report.ToldBooks.ToldContradiction;
import io.bincard.reconciliation.report.ToldBooks.ToldDay;
import io.bincard.reconciliation.report.ToldBooks.ToldOrder;
import io.bincard.reconciliation.report.ToldBooks.ToldRule;
import io.bincard.reconciliation.sweep.Run.Part;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/**
 * A run as a page for people, with nothing in it that is to be fetched: what was compared and as of
 * which position, what differed, what was done about it, and the books.
 */
final class RunPage {

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--line:#cbd2d9;--soft:#f3f5f7;--mute:#5a6570;--well:#0a6423;--ill:#a30d0d;--busy:#7a5200}
      @media(prefers-color-scheme:dark){:root{--line:#3c444d;--soft:#22272e;--mute:#9aa5b1;--well:#6ed08b;--ill:#ff8d84;--busy:#e8b95a}}
      body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
      h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2.2rem 0 .4rem}h3{font-size:1rem;margin:1.4rem 0 .2rem}
      p{margin:.4rem 0}.mute{color:var(--mute);font-weight:400}
      .verdict{border-left:.35rem solid;background:var(--soft);padding:.5rem .9rem;margin:.6rem 0}
      .well{color:var(--well)}.ill{color:var(--ill)}.busy{color:var(--busy)}
      .wide{overflow-x:auto}
      table{border-collapse:collapse;margin:.5rem 0;font-size:.92rem}
      th,td{border-bottom:1px solid var(--line);padding:.3rem .9rem .3rem 0;text-align:left;vertical-align:top}
      thead th{color:var(--mute);font-weight:600}tbody th{font-weight:600}
      .n{text-align:right;font-variant-numeric:tabular-nums}
      code{font-size:.92em;overflow-wrap:break-word}del{color:var(--ill)}ins{color:var(--well);text-decoration:none}
      #differences>tbody>tr>td,#contradictions td{min-width:8rem;max-width:26rem}
      .diff td{border:0;padding:0 .7rem 0 0}.diff{margin:0}
      """;

  private static final String CONTRADICTION = RepairLog.CONTRADICTION;

  private static final Pattern NO_XML =
      Pattern.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** As much of a field's content as is shown. */
  private static final int MOST_LETTERS = 160;

  /** Days that are shown one by one. */
  private static final int MOST_DAYS = 31;

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60_000;

  private RunPage() {}

  /**
   * The page, well-formed as XML too.
   *
   * @param entries the newest first
   * @param most entries that are shown; where there are as many, there may be more
   */
  static String of(ToldRun run, List<Entry> entries, int most) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>Reconciliation of %1$s</title>
    <style>%2$s</style>
    </head>
    <body>
    <h1>Reconciliation</h1>
    <p class="mute">Run <code>%3$s</code>, begun %1$s UTC</p>
    %4$s%5$s%6$s%7$s</body>
    </html>
    """
        .formatted(
            TIME.format(run.begunAt()),
            STYLE,
            run.id(),
            verdicts(run),
            facts(run),
            run.does(Part.ROWS) || !entries.isEmpty() ? differences(run, entries, most) : "",
            books(run));
  }

  // In a few words

  private static String verdicts(ToldRun run) {
    StringBuilder verdicts = new StringBuilder();
    if (run.endedAt() == null) {
      String step = run.step() == null ? "" : ", " + words(run.step());
      verdicts.append(
          verdict(
              "busy",
              "The run is under way: "
                  + run.phase()
                  + step
                  + ". Load the page again to see how far it is."));
    }
    if (run.why() != null) {
      verdicts.append(
          verdict(
              "ill",
              (run.endedAt() == null ? "It was broken off and goes on: " : "The run failed: ")
                  + run.why()));
    }
    if (run.does(Part.ROWS) && run.compared() > 0) {
      verdicts.append(ofRows(run));
    }
    ToldBooks books = run.books();
    if (books != null) {
      verdicts.append(ofBooks(run, books));
    }
    return verdicts.toString();
  }

  private static String ofRows(ToldRun run) {
    if (run.different() > 0) {
      String done =
          run.apply() ? doneAboutRows(run) : " This was a dry run: nothing was put right.";
      return verdict(
          "ill",
          "%s of %s rows differed.".formatted(count(run.different()), count(run.compared()))
              + (run.fuseBlown()
                  ? " The fuse is blown: nothing is repaired until it is reset."
                  : done));
    }
    return run.endedAt() == null || run.why() != null
        ? ""
        : verdict("well", "Every row that could be compared says what the ledger says.");
  }

  private static String doneAboutRows(ToldRun run) {
    String done =
        Stream.of("repaired", "overtaken", "settled", "unsettled", "frozen", "left")
            .map(
                outcome -> {
                  long rows = rowsOf(run, outcome);
                  return rows == 0 ? "" : count(rows) + " " + outcome;
                })
            .filter(each -> !each.isEmpty())
            .collect(Collectors.joining(", "));
    return done.isEmpty() ? "" : " " + done + ".";
  }

  private static long rowsOf(ToldRun run, String outcome) {
    return run.entries().getOrDefault(outcome, Map.of()).entrySet().stream()
        .filter(kind -> !kind.getKey().equals(CONTRADICTION))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static String ofBooks(ToldRun run, ToldBooks books) {
    return switch (books.state()) {
      case ToldBooks.HELD ->
          verdict("well", "The journal does not contradict itself: every rule holds.");
      case ToldBooks.INCOMPLETE ->
          verdict("busy", "Some rules could not be checked; no other is broken in the journal.");
      default ->
          verdict(
              "ill",
              "The journal contradicts itself in %s place%s. "
                      .formatted(count(total(books.rules())), total(books.rules()) == 1 ? "" : "s")
                  + (run.apply() ? frozen(run) : "This was a dry run: nothing was frozen."));
    };
  }

  private static String frozen(ToldRun run) {
    long items = run.entries().getOrDefault("frozen", Map.of()).getOrDefault(CONTRADICTION, 0L);
    return items == 0
        ? "No item was frozen."
        : count(items) + (items == 1 ? " item was frozen." : " items were frozen.");
  }

  private static String verdict(String style, String words) {
    return "<p class=\"verdict %s\"><strong>%s</strong></p>\n".formatted(style, escaped(words));
  }

  // What was compared

  private static String asker(String askedBy) {
    return switch (askedBy) {
      case "clock" -> "the clock";
      case "watch" -> "the watch that compares all the time";
      default -> "a person";
    };
  }

  private static String facts(ToldRun run) {
    List<String> facts = new ArrayList<>();
    facts.add(
        fact(
            "Asked for by",
            asker(run.askedBy())
                + (run.apply() ? ", to put right what differs" : ", as a dry run")));
    facts.add(
        fact(
            "Took",
            (run.millis() == null ? "not over yet" : time(run.millis()))
                + run.took().entrySet().stream()
                    .filter(phase -> phase.getValue() > 0)
                    .map(phase -> phase.getKey() + " " + time(phase.getValue()))
                    .collect(Collectors.joining(", ", " (", ")"))
                    .replace(" ()", "")));
    if (run.attempts() > 1) {
      facts.add(fact("Attempts", run.attempts() + ", for it was broken off"));
    }
    ToldBooks books = run.books();
    if (books != null) {
      facts.add(
          fact(
              "The journal",
              "positions %s to %s, and %s receipts"
                  .formatted(
                      count(books.firstPosition()),
                      count(books.headPosition()),
                      count(books.receipts()))));
    }
    if (run.does(Part.ROWS)) {
      facts.add(fact("The views", "generation " + run.generation()));
      facts.add(fact("Compared as of position", count(run.asOfPosition())));
      facts.add(
          fact(
              "Rows compared",
              "%s: %s equal, %s different, %s not to be compared, for they moved or lagged"
                  .formatted(
                      count(run.compared()),
                      count(run.equal()),
                      count(run.different()),
                      count(run.unsettled()))));
    }
    return "<h2>What was compared</h2>\n<table id=\"facts\"><tbody>\n"
        + String.join("", facts)
        + "</tbody></table>\n";
  }

  private static String fact(String name, String value) {
    return "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n".formatted(name, escaped(value));
  }

  // What differed, and what was done

  private static String differences(ToldRun run, List<Entry> entries, int most) {
    Map<String, List<Entry>> byRow = new LinkedHashMap<>();
    for (Entry entry : entries.reversed()) {
      String row = (isOfJournal(entry) ? "journal " : "view ") + entry.key();
      byRow.computeIfAbsent(row, _ -> new ArrayList<>()).add(entry);
    }
    String more =
        entries.size() < most
            ? ""
            : "<p class=\"mute\">Only the last %s entries of the log of repairs are shown.</p>\n"
                .formatted(count(most));
    String rows =
        byRow.values().stream().map(row -> difference(run, row)).collect(Collectors.joining());
    return "<h2>What differed, and what was done</h2>\n"
        + (byRow.isEmpty()
            ? "<p>Nothing" + (run.endedAt() == null ? " so far" : "") + ".</p>\n"
            : more
                + table(
                    "differences",
                    List.of("Row", "What is wrong", "Found, and as it must be", "What was done"),
                    rows));
  }

  private static boolean isOfJournal(Entry entry) {
    return entry.kind().equals(CONTRADICTION);
  }

  /**
   * @param entries of one row, the oldest first
   */
  private static String difference(ToldRun run, List<Entry> entries) {
    Entry first = entries.getFirst();
    return """
    <tr><th scope="row">%s</th><td>%s<br/><span class="mute">%s</span></td><td>%s</td><td>%s</td></tr>
    """
        .formatted(
            name(first.key()),
            escaped(isOfJournal(first) ? "the journal contradicts itself" : first.kind()),
            escaped(first.cause() == null ? "" : shown(first.cause())),
            content(first),
            done(run, entries));
  }

  /** What a row is about, and of which view it is. */
  private static String name(String key) {
    int colon = key.indexOf(':');
    return "<code>%s</code><br/><span class=\"mute\">%s</span>"
        .formatted(
            escaped(shown(key.substring(colon + 1))),
            escaped(colon < 0 ? "" : key.substring(0, colon)));
  }

  private static String content(Entry entry) {
    List<Line> lines = RowDifference.of(entry);
    if (lines.isEmpty()) {
      return "";
    }
    String missing = entry.after() == null ? "there must be no row" : "";
    return lines.stream()
        .map(
            line ->
                "<tr><td>%s</td><td>%s</td><td>%s</td></tr>"
                    .formatted(
                        escaped(shown(line.name())),
                        value("del", line.found()),
                        value("ins", line.wanted())))
        .collect(
            Collectors.joining("", missing + "<table class=\"diff\"><tbody>", "</tbody></table>"));
  }

  private static String value(String element, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return "<span class=\"mute\">%s</span>".formatted(value == null ? "none" : "empty");
    }
    return "<%1$s>%2$s</%1$s>".formatted(element, escaped(shown(value)));
  }

  private static String done(ToldRun run, List<Entry> entries) {
    List<String> done = new ArrayList<>();
    boolean isOver = entries.stream().anyMatch(each -> !isBeginning(each.outcome()));
    for (Entry entry : entries) {
      if (!isBeginning(entry.outcome())) {
        done.add(
            "<span class=\"%s\">%s</span> <span class=\"mute\">%s</span>"
                .formatted(
                    isGood(entry.outcome()) ? "well" : "ill",
                    escaped(outcome(entry)),
                    TIME_OF_DAY.format(entry.at())));
      }
    }
    if (!isOver) {
      done.add(
          entries.stream().anyMatch(each -> each.outcome().equals("begun"))
              ? "<span class=\"ill\">begun, and cut short</span>"
              : run.apply() && run.endedAt() == null ? "not yet" : "nothing");
    }
    return String.join("<br/>", done);
  }

  private static boolean isBeginning(String outcome) {
    return outcome.equals("found") || outcome.equals("begun");
  }

  private static boolean isGood(String outcome) {
    return outcome.equals("repaired") || outcome.equals("settled") || outcome.equals("overtaken");
  }

  private static String outcome(Entry entry) {
    return switch (entry.outcome()) {
      case "repaired" -> "repaired";
      case "overtaken" -> "overtaken: somebody else wrote it meanwhile";
      case "settled" -> "settled: it was right when it was looked at again";
      case "unsettled" -> "unsettled: it moved, nothing was done";
      case "frozen" -> "the item is frozen";
      case "left" -> "left for a person" + (entry.cause() == null ? "" : ": " + entry.cause());
      default -> entry.outcome();
    };
  }

  // The books

  private static String books(ToldRun run) {
    if (!run.does(Part.BOOKS)) {
      return "";
    }
    ToldBooks books = run.books();
    if (books == null) {
      return "<h2>The books</h2>\n<p>The journal is not yet held against itself.</p>\n";
    }
    return "<h2>The books</h2>\n<p>The journal, held against itself at %s UTC.</p>\n"
            .formatted(TIME.format(books.at()))
        + contradictions(run, books)
        + orders(books.orders())
        + rules(books.rules())
        + days(books);
  }

  private static String contradictions(ToldRun run, ToldBooks books) {
    List<ToldContradiction> told = books.contradictions();
    if (told.isEmpty()) {
      return "";
    }
    String more =
        total(books.rules()) == told.size()
            ? ""
            : "<p class=\"mute\">The first ones of each rule, of %s.</p>\n"
                .formatted(count(total(books.rules())));
    String rows =
        told.stream()
            .map(
                each ->
                    "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>\n"
                        .formatted(
                            escaped(shown(each.place())),
                            escaped(shown(each.words())),
                            escaped(words(each.rule())),
                            doneAboutItem(run, each)))
            .collect(Collectors.joining());
    return "<h3>Contradictions</h3>\n"
        + more
        + table("contradictions", List.of("Where", "What", "Broken rule", "What was done"), rows);
  }

  private static String doneAboutItem(ToldRun run, ToldContradiction found) {
    String item = found.item();
    if (item == null) {
      return "nothing: it names no item";
    }
    String outcome = found.outcome();
    String frozen = "<code>%s</code> ".formatted(escaped(item));
    if (outcome != null) {
      return frozen
          + (outcome.equals("frozen")
              ? "<span class=\"ill\">is frozen</span>"
              : "is left for a person");
    }
    return frozen + (run.apply() ? "is not frozen yet" : "is not frozen: a dry run");
  }

  private static String orders(List<ToldOrder> orders) {
    if (orders.isEmpty()) {
      return "";
    }
    String rows =
        orders.stream()
            .map(
                order ->
                    "<tr><th scope=\"row\">%s</th><td><code>%s</code></td><td>%s</td></tr>\n"
                        .formatted(
                            escaped(order.orderId() == null ? "unknown" : order.orderId()),
                            escaped(order.hold()),
                            order.lines().stream()
                                .map(line -> escaped(shown(line)))
                                .collect(Collectors.joining("<br/>"))))
            .collect(Collectors.joining());
    return "<h3>Orders whose lines do not match</h3>\n"
        + table("orders", List.of("Order", "Hold", "Lines"), rows);
  }

  private static String rules(List<ToldRule> rules) {
    String rows =
        rules.stream()
            .map(
                each ->
                    "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"n\">%s</td></tr>\n"
                        .formatted(escaped(words(each.rule())), state(each), time(each.millis())))
            .collect(Collectors.joining());
    return "<h3>Rules</h3>\n" + table("rules", List.of("Rule", "Came to", "Took"), rows);
  }

  private static String state(ToldRule rule) {
    return switch (rule.state()) {
      case ToldBooks.HELD -> "<span class=\"well\">✓ holds</span>";
      case ToldBooks.UNCHECKED ->
          "<span class=\"busy\">? unchecked: %s</span>"
              .formatted(escaped(rule.why() == null ? "" : rule.why()));
      default ->
          "<span class=\"ill\">✗ broken, %s time%s</span>"
              .formatted(count(rule.contradictions()), rule.contradictions() == 1 ? "" : "s");
    };
  }

  private static String days(ToldBooks books) {
    List<ToldDay> days = books.days();
    if (days.isEmpty()) {
      return books.headPosition() < books.firstPosition()
          ? "<p>There are no events.</p>\n"
          : "<p>The events of each day could not be counted in time.</p>\n";
    }
    int before = Math.max(0, days.size() - MOST_DAYS);
    String earlier =
        before == 0
            ? ""
            : "<tr><th scope=\"row\">%s days before</th><td class=\"n\">%s</td></tr>\n"
                .formatted(count(before), count(events(days.subList(0, before))));
    String rows =
        days.subList(before, days.size()).stream()
            .map(
                day ->
                    "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td></tr>\n"
                        .formatted(day.day(), count(day.events())))
            .collect(Collectors.joining());
    return "<h3>Events of each day</h3>\n"
        + table("days", List.of("Day, in UTC", "Events"), earlier + rows);
  }

  private static long events(List<ToldDay> days) {
    return days.stream().mapToLong(ToldDay::events).sum();
  }

  private static long total(List<ToldRule> rules) {
    return rules.stream().mapToLong(ToldRule::contradictions).sum();
  }

  // Parts

  private static String table(String id, List<String> columns, String rows) {
    return """
    <div class="wide"><table id="%s"><thead><tr>%s</tr></thead><tbody>
    %s</tbody></table></div>
    """
        .formatted(
            id,
            columns.stream()
                .map(each -> "<th scope=\"col\">%s</th>".formatted(each))
                .collect(Collectors.joining()),
            rows);
  }

  private static String words(String word) {
    return word.replace('-', ' ');
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String time(long millis) {
    if (millis < SECOND) {
      return millis + " ms";
    }
    return millis < MINUTE
        ? String.format(Locale.ROOT, "%.1f s", (double) millis / SECOND)
        : "%d min %d s".formatted(millis / MINUTE, millis % MINUTE / SECOND);
  }

  /** As much as a person reads. */
  private static String shown(String text) {
    return text.length() <= MOST_LETTERS ? text : text.substring(0, MOST_LETTERS) + "…";
  }

  /** Characters that no XML may have, not even escaped, are left out. */
  static String escaped(String text) {
    return HtmlUtils.htmlEscape(NO_XML.matcher(text).replaceAll(" "), "UTF-8");
  }
}
