package io.bincard.reconciliation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.reconciliation.books.BooksReport;
import io.bincard.reconciliation.books.BooksReport.Finding;
import io.bincard.reconciliation.books.Contradiction;
import io.bincard.reconciliation.books.Rule;
import io.bincard.reconciliation.repair.RepairLog.Entry;
import io.bincard.reconciliation.repair.RepairLog.Outcome;
import io.bincard.reconciliation.sweep.Run;
import io.bincard.reconciliation.sweep.Run.Part;
import io.bincard.reconciliation.sweep.Run.Phase;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run as a page and as JSON. */
class RunPageTest {

  private static final Instant BEGUN = Instant.parse("2026-11-22T02:00:00Z");
  private static final String EVIL = "<script>alert('\"&\u0000\u001b')</script>";
  private static final Set<Part> BOTH = Set.of(Part.BOOKS, Part.ROWS);

  private static Run run(
      Set<Part> parts,
      boolean apply,
      Phase phase,
      @Nullable String step,
      boolean blown,
      @Nullable String why) {
    boolean over = phase == Phase.DONE || phase == Phase.FAILED;
    return new Run(
        new UUID(1, 2),
        "clock",
        parts,
        apply,
        phase,
        step,
        Map.of(Phase.BOOKS, 61_500L, Phase.COMPARING, 1_200L),
        "node",
        BEGUN,
        over ? BEGUN.plusMillis(62_734) : null,
        7,
        5_000,
        1_024,
        parts.contains(Part.ROWS) ? 1_000 : 0,
        0,
        blown,
        1,
        why);
  }

  private static ToldRun told(Run run, long different, @Nullable ToldBooks books) {
    return ToldRun.of(
        run,
        null,
        different == 0
            ? Map.of()
            : Map.of("found", Map.of("edited", different), "repaired", Map.of("edited", different)),
        books);
  }

  private static BooksReport report(Map<Rule, Finding> findings, List<Contradiction> told) {
    Map<Rule, Finding> rules = new EnumMap<>(Rule.class);
    for (Rule rule : Rule.values()) {
      rules.put(rule, new Finding(0, Duration.ofMillis(12), null));
    }
    rules.putAll(findings);
    return new BooksReport(
        BEGUN,
        1,
        12_345,
        678,
        new TreeMap<>(
            Map.of(LocalDate.of(2026, 11, 21), 12_000L, LocalDate.of(2026, 11, 22), 345L)),
        rules,
        told);
  }

  private static BooksReport broken() {
    return report(
        Map.of(
            Rule.LINES_OF_ORDERS_MATCH,
            new Finding(3, Duration.ofMillis(12), null),
            Rule.BOUNDS_ARE_TOLD,
            new Finding(0, Duration.ofMillis(12), "it took longer than 5 ms " + EVIL)),
        List.of(
            new Contradiction(
                Rule.LINES_OF_ORDERS_MATCH,
                "order o-1, hold h-1",
                "stock:CUP@MAIN",
                "h-1",
                "o-1",
                "says 2 reserved, and the item 3"),
            new Contradiction(
                Rule.LINES_OF_ORDERS_MATCH, EVIL, "stock:" + EVIL + "@MAIN", EVIL, EVIL, EVIL)));
  }

  private static Entry entry(String key, String kind, String outcome, @Nullable String cause) {
    return new Entry(
        1,
        new UUID(1, 2),
        key,
        kind,
        Map.of("fields", Map.of("onHand", EVIL)),
        null,
        5_000,
        "e",
        cause,
        outcome,
        BEGUN);
  }

  private static Document parsed(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_page_is_well_formed_whatever_stands_in_a_row_or_in_the_journal() throws Exception {
    String page =
        RunPage.of(
            told(
                run(BOTH, true, Phase.FAILED, null, true, EVIL),
                2,
                ToldBooks.of(broken(), Map.of("availability:CUP@MAIN", Outcome.FROZEN))),
            List.of(
                entry(EVIL, "edited", "repaired", EVIL),
                entry(EVIL, "edited", "found", EVIL),
                entry(EVIL, "contradiction", "left", EVIL),
                entry("sku:A", "edited", "begun", null)),
            1_000);

    Document document = parsed(page);
    assertThat(document.getElementsByTagName("table").getLength()).isGreaterThanOrEqualTo(6);
    assertThat(page).doesNotContain("<script").contains("&lt;script&gt;");
  }

  @Test
  void a_page_fetches_nothing() {
    String page =
        RunPage.of(
            told(run(BOTH, true, Phase.DONE, null, false, null), 2, null),
            List.of(entry("sku:A", "edited", "found", null)),
            1);

    assertThat(page)
        .doesNotContain("src=", "href=", "url(", "@import")
        .contains("Only the last 1 entries of the log of repairs are shown");
  }

  @Test
  void a_page_says_at_once_how_it_stands() throws Exception {
    Run underWay = run(BOTH, true, Phase.BOOKS, "bounds-are-told", false, null);
    Run done = run(BOTH, true, Phase.DONE, null, false, null);
    ToldBooks held = ToldBooks.of(report(Map.of(), List.of()), Map.of());

    assertThat(RunPage.of(told(underWay, 0, null), List.of(), 1))
        .contains("under way: books, bounds are told", "class=\"verdict busy\"")
        .doesNotContain("Every row");
    assertThat(RunPage.of(told(done, 0, held), List.of(), 1))
        .contains(
            "Every row that could be compared says what the ledger says",
            "The journal does not contradict itself",
            "class=\"verdict well\"")
        .doesNotContain("class=\"verdict ill\"");
    assertThat(
            RunPage.of(told(run(BOTH, true, Phase.DONE, null, true, null), 3, held), List.of(), 1))
        .contains("3 of 1,000 rows differed. The fuse is blown", "class=\"verdict ill\"");
    assertThat(RunPage.of(told(done, 3, held), List.of(), 1))
        .contains("3 of 1,000 rows differed. 3 repaired.");
    assertThat(
            RunPage.of(
                told(run(BOTH, false, Phase.DONE, null, false, null), 3, held), List.of(), 1))
        .contains("This was a dry run: nothing was put right.");
    assertThat(
            RunPage.of(
                told(run(BOTH, true, Phase.FAILED, null, false, "Redis was away"), 3, held),
                List.of(),
                1))
        .contains("The run failed: Redis was away");
    parsed(RunPage.of(told(underWay, 0, null), List.of(), 1));
  }

  @Test
  void a_page_has_the_books_with_what_contradicts_them_and_each_days_events() {
    Run dry = run(BOTH, false, Phase.DONE, null, false, null);
    Run applied = run(BOTH, true, Phase.DONE, null, false, null);
    ToldBooks frozen = ToldBooks.of(broken(), Map.of("availability:CUP@MAIN", Outcome.FROZEN));

    assertThat(RunPage.of(told(applied, 0, frozen), List.of(), 1))
        .contains(
            "The journal contradicts itself in 3 places",
            "positions 1 to 12,345, and 678 receipts",
            "order o-1, hold h-1",
            "says 2 reserved, and the item 3",
            "<code>CUP@MAIN</code> <span class=\"ill\">is frozen</span>",
            "Orders whose lines do not match",
            "CUP@MAIN: says 2 reserved, and the item 3",
            "✗ broken, 3 times",
            "? unchecked: it took longer than 5 ms",
            "The first ones of each rule, of 3",
            "2026-11-21</th><td class=\"n\">12,000",
            "books 1 min 1 s, comparing 1.2 s");
    assertThat(RunPage.of(told(dry, 0, ToldBooks.of(broken(), Map.of())), List.of(), 1))
        .contains("is not frozen: a dry run", "This was a dry run: nothing was frozen.");
  }

  @Test
  void a_page_is_about_nothing_that_the_run_was_not_asked_for() {
    ToldBooks held = ToldBooks.of(report(Map.of(), List.of()), Map.of());

    assertThat(
            RunPage.of(
                told(run(Set.of(Part.BOOKS), false, Phase.DONE, null, false, null), 0, held),
                List.of(),
                1))
        .contains("The books")
        .doesNotContain("Rows compared", "What differed", "Every row");
    assertThat(
            RunPage.of(
                told(run(Set.of(Part.ROWS), false, Phase.DONE, null, false, null), 0, null),
                List.of(),
                1))
        .contains("Rows compared", "What differed", "Every row")
        .doesNotContain("The books");
  }

  @Test
  void a_page_tells_of_each_row_once_what_is_wrong_and_what_became_of_it() {
    String page =
        RunPage.of(
            told(run(BOTH, true, Phase.DONE, null, false, null), 1, null),
            List.of(
                entry("sku:A", "edited", "repaired", "other content in name"),
                entry("sku:A", "edited", "begun", "other content in name"),
                entry("sku:A", "edited", "found", "other content in name")),
            1_000);

    assertThat(page.split("<code>A</code>", -1)).hasSize(2);
    assertThat(page)
        .contains(
            "other content in name",
            "<td>onHand</td><td><del>",
            "<span class=\"well\">repaired</span> <span class=\"mute\">02:00:00</span>",
            "there must be no row");
  }

  @Test
  void a_run_is_told_as_json_with_its_parts_its_times_and_its_books() {
    ToldRun told =
        ToldRun.of(
            run(BOTH, true, Phase.DONE, null, false, null),
            3L,
            Map.of(),
            ToldBooks.of(broken(), Map.of("availability:CUP@MAIN", Outcome.FROZEN)));

    JsonNode json = JsonMapper.shared().valueToTree(told);

    assertThat(json.path("parts").toString()).isEqualTo("[\"books\",\"rows\"]");
    assertThat(json.path("took").toString())
        .isEqualTo("{\"books\":61500,\"comparing\":1200,\"scanning\":0,\"repairing\":0}");
    assertThat(json.path("millis").asLong()).isEqualTo(62_734);
    assertThat(json.path("contradictions").asLong()).isEqualTo(3);
    assertThat(json.has("step")).isFalse();
    JsonNode books = json.path("books");
    assertThat(books.path("state").asString()).isEqualTo("broken");
    assertThat(books.path("days").toString())
        .isEqualTo(
            "[{\"day\":\"2026-11-21\",\"events\":12000},{\"day\":\"2026-11-22\",\"events\":345}]");
    assertThat(books.at("/rules/1").toString())
        .startsWith(
            "{\"rule\":\"bounds-are-told\",\"state\":\"unchecked\",\"contradictions\":0,\"millis\":12,\"why\":\"it took");
    assertThat(books.at("/contradictions/0").toString())
        .isEqualTo(
            "{\"rule\":\"lines-of-orders-match\",\"place\":\"order o-1, hold h-1\",\"words\":\"says"
                + " 2 reserved, and the item 3\",\"stream\":\"stock:CUP@MAIN\",\"item\":\"CUP@MAIN\",\"orderId\":\"o-1\",\"hold\":\"h-1\",\"outcome\":\"frozen\"}");
    assertThat(books.at("/orders/0").toString())
        .isEqualTo(
            "{\"orderId\":\"o-1\",\"hold\":\"h-1\",\"lines\":[\"CUP@MAIN: says 2 reserved, and the"
                + " item 3\"]}");
  }
}
