package io.bincard.reconciliation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.reconciliation.repair.RepairLog.Entry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class RunPageTest {

  private static final Instant BEGUN = Instant.parse("2026-11-22T02:00:00Z");
  private static final String EVIL = "<script>alert('\"&\u0000\u001b')</script>";

  private static ToldRun run(
      @Nullable Instant endedAt, long different, boolean blown, @Nullable String why) {
    return new ToldRun(
        new UUID(1, 2),
        "clock",
        true,
        endedAt == null ? "comparing" : "done",
        BEGUN,
        endedAt,
        endedAt == null ? null : 1_234L,
        7,
        5_000,
        1_000,
        1_000 - different,
        different,
        0,
        different == 0
            ? Map.of()
            : Map.of("found", Map.of("edited", different), "repaired", Map.of("edited", different)),
        blown,
        1,
        why);
  }

  private static Entry entry(String key) {
    return new Entry(
        1,
        new UUID(1, 2),
        key,
        "edited",
        Map.of("fields", Map.of("onHand", EVIL)),
        null,
        5_000,
        "e",
        EVIL,
        "repaired",
        BEGUN);
  }

  private static Document parsed(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_page_is_well_formed_whatever_stands_in_a_row() throws Exception {
    String page =
        RunPage.of(
            run(BEGUN.plusSeconds(1), 2, true, EVIL), List.of(entry(EVIL), entry("sku:A")), 1_000);

    assertThat(parsed(page).getElementsByTagName("table").getLength()).isEqualTo(3);
    assertThat(page).doesNotContain("<script").contains("&lt;script&gt;", "no row");
  }

  @Test
  void a_page_fetches_nothing() {
    assertThat(RunPage.of(run(BEGUN.plusSeconds(1), 2, false, null), List.of(entry("sku:A")), 1))
        .doesNotContain("src=", "href=", "url(", "@import")
        .contains("Only the last 1 entries are shown");
  }

  @Test
  void a_page_says_at_once_how_it_stands() throws Exception {
    assertThat(RunPage.of(run(null, 0, false, null), List.of(), 1))
        .contains("under way: comparing");
    assertThat(RunPage.of(run(BEGUN, 0, false, null), List.of(), 1))
        .contains("Every row that could be compared says what the ledger says", "class=\"well\"");
    assertThat(RunPage.of(run(BEGUN, 3, true, null), List.of(), 1))
        .contains("3 of 1000 rows differed. The fuse is blown", "class=\"ill\"");
    assertThat(RunPage.of(run(BEGUN, 3, false, "Redis was away"), List.of(), 1))
        .contains("The run failed: Redis was away");
    parsed(RunPage.of(run(null, 0, false, null), List.of(), 1));
  }
}
