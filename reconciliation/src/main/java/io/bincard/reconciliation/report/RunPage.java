package io.bincard.reconciliation.report;

import io.bincard.reconciliation.repair.RepairLog.Entry;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A run as a page for people, with nothing in it that is to be fetched. */
final class RunPage {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private static final String STYLE =
      """
      body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
      table{border-collapse:collapse;width:100%;margin:1rem 0}
      th,td{border:1px solid #999;padding:.3rem .6rem;text-align:left;vertical-align:top}
      td.n{text-align:right;font-variant-numeric:tabular-nums}
      code{overflow-wrap:anywhere}
      .well{color:#05631c}.ill{color:#a30000}
      """;

  private static final Pattern NO_XML =
      Pattern.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]");

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
    <title>Reconciliation %1$s</title>
    <style>%2$s</style>
    </head>
    <body>
    <h1>Reconciliation of all views</h1>
    <p class="%3$s"><strong>%4$s</strong></p>
    <table>
    %5$s</table>
    <h2>What was found and done</h2>
    %6$s
    %7$s
    </body>
    </html>
    """
        .formatted(
            run.id(),
            STYLE,
            run.different() == 0 && run.why() == null ? "well" : "ill",
            verdict(run),
            facts(run),
            counts(run),
            entries(entries, most));
  }

  private static String verdict(ToldRun run) {
    if (run.endedAt() == null) {
      return "The run is under way: " + run.phase() + ".";
    }
    if (run.why() != null) {
      return "The run failed: " + escaped(run.why()) + ".";
    }
    if (run.different() == 0) {
      return "Every row that could be compared says what the ledger says.";
    }
    return run.different()
        + " of "
        + run.compared()
        + " rows differed."
        + (run.fuseBlown() ? " The fuse is blown: nothing is repaired until it is reset." : "");
  }

  private static String facts(ToldRun run) {
    return fact("Run", run.id().toString())
        + fact("Asked for by", run.askedBy())
        + fact("Repairs", run.apply() ? "applied" : "none: a dry run")
        + fact("Phase", run.phase())
        + fact("Begun", run.begunAt().toString())
        + fact("Took", run.millis() == null ? "not over yet" : run.millis() + " ms")
        + fact("Generation of the views", Long.toString(run.generation()))
        + fact("Compared as of position", Long.toString(run.asOfPosition()))
        + fact("Rows compared", Long.toString(run.compared()))
        + fact("Equal", Long.toString(run.equal()))
        + fact("Different", Long.toString(run.different()))
        + fact("Not to be compared, for they moved or lagged", Long.toString(run.unsettled()))
        + fact("Attempts", Integer.toString(run.attempts()));
  }

  private static String fact(String name, String value) {
    return "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n".formatted(name, escaped(value));
  }

  private static String counts(ToldRun run) {
    if (run.entries().isEmpty()) {
      return "<p>Nothing.</p>";
    }
    return run.entries().entrySet().stream()
        .flatMap(
            outcome ->
                outcome.getValue().entrySet().stream()
                    .map(
                        kind ->
                            "<tr><td>%s</td><td>%s</td><td class=\"n\">%d</td></tr>\n"
                                .formatted(
                                    escaped(outcome.getKey()),
                                    escaped(kind.getKey()),
                                    kind.getValue())))
        .collect(
            Collectors.joining(
                "", "<table>\n<tr><th>Outcome</th><th>Kind</th><th>Rows</th></tr>\n", "</table>"));
  }

  private static String entries(List<Entry> entries, int most) {
    if (entries.isEmpty()) {
      return "";
    }
    String more =
        entries.size() < most ? "" : "<p>Only the last " + most + " entries are shown.</p>\n";
    return entries.stream()
        .map(RunPage::entry)
        .collect(
            Collectors.joining(
                "",
                more
                    + "<table>\n<tr><th>When</th><th>Row</th><th>Kind</th><th>Outcome</th>"
                    + "<th>Cause</th><th>Before</th><th>After</th></tr>\n",
                "</table>"));
  }

  private static String entry(Entry entry) {
    return """
    <tr><td>%s</td><td><code>%s</code></td><td>%s</td><td>%s</td><td>%s</td>\
    <td><code>%s</code></td><td><code>%s</code></td></tr>
    """
        .formatted(
            entry.at(),
            escaped(entry.key()),
            escaped(entry.kind()),
            escaped(entry.outcome()),
            escaped(entry.cause() == null ? "" : entry.cause()),
            row(entry.before()),
            row(entry.after()));
  }

  private static String row(@Nullable Map<String, Object> row) {
    return row == null ? "no row" : escaped(JSON.writeValueAsString(row));
  }

  /** Characters that no XML may have, not even escaped, are left out. */
  private static String escaped(String text) {
    return HtmlUtils.htmlEscape(NO_XML.matcher(text).replaceAll(" "), "UTF-8");
  }
}
