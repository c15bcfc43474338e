package io.bincard.application.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.Gate;
import io.bincard.application.fixture.RunningBincard;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of live stock as a person sees it. Its pictures are in {@code target/pictures}. */
class StockPageBrowserIT {

  private static final Path PICTURES = Path.of("target", "pictures");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final AtomicInteger keys = new AtomicInteger();

  @TempDir private static Path folder;
  private static Chromium chromium;

  private final RunningBincard bincard = RunningBincard.shared();
  private Tab tab;

  @BeforeAll
  static void start() throws Exception {
    chromium = new Chromium(folder);
  }

  @AfterAll
  static void stop() {
    chromium.close();
  }

  @BeforeEach
  void open() throws Exception {
    tab = chromium.open();
    tab.screen(1000, 640, false);
  }

  @AfterEach
  void close() {
    tab.close();
  }

  private static String key() {
    return "page-" + keys.incrementAndGet();
  }

  private static void register(RunningBincard node, String sku, int units) throws Exception {
    String json = "{\"sku\":\"%s\",\"openingQuantity\":%d}".formatted(sku, units);
    assertThat(node.post("/v1/stock-items", key(), json).statusCode()).isEqualTo(201);
  }

  private static void deduct(RunningBincard node, String sku, int units) throws Exception {
    String json = "{\"quantity\":%d,\"orderId\":\"o\"}".formatted(units);
    assertThat(node.post("/v1/stock/" + sku + "/deductions", key(), json).statusCode())
        .isEqualTo(201);
  }

  private String cell(String sku, String column) {
    return tab.text("tr[data-sku=\"" + sku + "\"] ." + column);
  }

  /** A row that changed glows for a while, in the colours that it began with. */
  private void settle() {
    tab.eval("document.getAnimations().forEach((each) => each.finish())");
  }

  private void awaitText(String selector, String text) {
    await(selector + " is " + text)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(tab.text(selector)).isEqualTo(text));
  }

  private void awaitAvailable(String sku, String text) {
    awaitText("tr[data-sku=\"" + sku + "\"] .available", text);
  }

  @Test
  void shows_what_there_is_and_each_change_without_being_loaded_again() throws Exception {
    register(bincard, "TEAPOT-4", 24);
    register(bincard, "CUP 0.3 #2", 5);
    register(bincard, "SAUCER+6", 1_200);
    tab.show(bincard.uri("/stock.html?skus=TEAPOT-4,+CUP+0.3+%232,SAUCER%2B6,NOBODYS&location="));
    awaitText("#badge", "live");
    awaitAvailable("TEAPOT-4", "24");
    awaitAvailable("CUP 0.3 #2", "5");
    awaitAvailable("SAUCER+6", "1,200");
    assertThat(cell("NOBODYS", "available")).isEqualTo("unknown");
    assertThat(cell("NOBODYS", "onHand")).isEqualTo("–");
    assertThat(tab.text("#updates")).isEqualTo("0");
    tab.eval("window.loadedOnce = 'yes'");
    tab.picture(PICTURES.resolve("before.png"));

    deduct(bincard, "TEAPOT-4", 3);
    awaitAvailable("TEAPOT-4", "−321");
    assertThat(cell("TEAPOT-4", "delta")).isEqualTo("−3");
    assertThat(cell("TEAPOT-4", "onHand")).isEqualTo("21");
    assertThat(cell("TEAPOT-4", "version")).isEqualTo("1");
    deduct(bincard, "CUP 0.3 #2".replace(" ", "%20").replace("#", "%23"), 5);
    awaitAvailable("CUP 0.3 #2", "−50");
    assertThat(tab.text("#updates")).isEqualTo("2");
    tab.picture(PICTURES.resolve("after.png"));
    tab.screen(1000, 640, true);
    deduct(bincard, "SAUCER+6".replace("+", "%2B"), 200);
    awaitAvailable("SAUCER+6", "−2001,000");
    settle();
    tab.picture(PICTURES.resolve("after-dark.png"));
    tab.screen(360, 780, false);
    settle();
    tab.picture(PICTURES.resolve("after-narrow.png"));
    assertThat(tab.eval("String(document.documentElement.scrollWidth <= window.innerWidth)"))
        .as("nothing is wider than a small screen")
        .isEqualTo("true");

    register(bincard, "NOBODYS", 7);
    awaitAvailable("NOBODYS", "7");
    assertThat(tab.eval("window.loadedOnce")).isEqualTo("yes");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(tab.text("#announcement")).isEqualTo("NOBODYS: 7 available"));
    assertThat(tab.complaints()).isEmpty();
  }

  @Test
  void what_an_address_holds_is_text_and_what_is_wrong_with_it_is_said() throws Exception {
    String evil = "<img src=x onerror=\"window.hacked='yes'\"><script>window.hacked='yes'</script>";
    tab.show(bincard.uri("/stock.html?skus=" + URLEncoder.encode(evil, StandardCharsets.UTF_8)));
    awaitText("#badge[data-state=\"refused\"]", "not following");

    assertThat(tab.text("#problem")).contains("Change the SKUs or the location");
    assertThat(
            tab.eval("document.getElementById('rows').querySelectorAll('img, script').length + ''"))
        .isEqualTo("0");
    assertThat(tab.text("tbody th")).isEqualTo(evil);
    assertThat(tab.eval("window.hacked ?? 'no'")).isEqualTo("no");
    tab.eval(
        "const script = document.createElement('script'); script.textContent ="
            + " \"window.hacked='yes'\"; document.body.append(script)");
    assertThat(tab.eval("window.hacked ?? 'no'")).as("the policy holds").isEqualTo("no");
    assertThat(tab.complaints()).anyMatch(each -> each.contains("Content Security Policy"));
    tab.picture(PICTURES.resolve("refused.png"));
  }

  @Test
  void asks_for_items_where_none_are_named() throws Exception {
    tab.show(bincard.uri("/stock.html"));
    awaitText("#badge", "not following");

    assertThat(tab.text("#welcome")).contains("Name the items");
    assertThat(tab.eval("document.activeElement.id")).isEqualTo("skus");
    tab.picture(PICTURES.resolve("welcome.png"));
  }

  @Test
  void says_that_it_is_lost_and_goes_on_when_the_server_is_back() throws Exception {
    RunningBincard first = RunningBincard.onLedger("paged");
    try (Gate gate = new Gate(first.uri(""))) {
      register(first, "PAGED", 10);
      tab.show(gate.uri("/stock.html?skus=PAGED"));
      awaitText("#badge", "live");
      awaitAvailable("PAGED", "10");
      gate.cut(); // a moment
      awaitText("#badge", "reconnecting");
      awaitText("#badge", "live");
      gate.leadTo(null);
      first.close();
      awaitText("#badge", "reconnecting");
      assertThat(cell("PAGED", "available")).as("what was known stays").isEqualTo("10");
      tab.picture(PICTURES.resolve("reconnecting.png"));
      try (RunningBincard second = RunningBincard.onLedger("paged")) {
        deduct(second, "PAGED", 4);
        gate.leadTo(second.uri(""));
        awaitText("#badge", "live");
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(cell("PAGED", "onHand")).isEqualTo("6"));
        assertThat(cell("PAGED", "version")).isEqualTo("1");
      }
    }
  }

  @Test
  void says_since_when_it_has_heard_nothing_until_it_hears_again() throws Exception {
    register(bincard, "QUIET", 3);
    try (Gate gate = new Gate(bincard.uri(""))) {
      tab.show(gate.uri("/stock.html?skus=QUIET"));
      awaitText("#badge", "live");
      awaitAvailable("QUIET", "3");
      gate.leadTo(null);
      gate.cut();
      awaitText("#badge", "reconnecting");
      tab.eval("{ const now = Date.now; Date.now = () => now() + 60_000; }"); // a minute goes by
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(tab.text("#badge[data-state=\"stale\"]"))
                      .matches("stale since [012]\\d:[0-5]\\d:[0-5]\\d"));
      assertThat(cell("QUIET", "available")).as("what was known stays").isEqualTo("3");
      assertThat(tab.eval("document.getElementById('stock').className"))
          .as("with a doubt")
          .isEqualTo("doubtful");
      tab.picture(PICTURES.resolve("stale.png"));
      gate.leadTo(bincard.uri(""));
      awaitText("#badge", "live");
    }
  }

  @Test
  void says_why_it_was_not_let_in_and_tries_again_by_itself() throws Exception {
    RunningBincard node =
        RunningBincard.withOwnLedger(
            "bincard.push.max-streams-per-client=1", "bincard.push.drain=4s");
    Thread stopping = Thread.ofPlatform().unstarted(node::close);
    try (Tab other = chromium.open()) {
      register(node, "FULL", 1);
      InputStream first =
          node.http()
              .send(
                  HttpRequest.newBuilder(node.uri("/v1/stock/stream?skus=FULL")).build(),
                  BodyHandlers.ofInputStream())
              .body();
      tab.show(node.uri("/stock.html?skus=FULL"));
      awaitText(
          "#problem",
          "Too many streams: No more than 1 connections for live stock are open at a time."
              + " This page tries again by itself.");
      assertThat(tab.text("#badge")).isEqualTo("connecting");
      assertThat(cell("FULL", "available")).as("not known, which is not 0").isEqualTo("…");
      tab.picture(PICTURES.resolve("full.png"));
      first.close();
      await("it is let in, after some attempts")
          .atMost(PATIENCE.multipliedBy(2))
          .until(() -> tab.text("#badge").equals("live"));
      assertThat(tab.eval("String(document.getElementById('problem').hidden)")).isEqualTo("true");

      stopping.start();
      await()
          .atMost(PATIENCE)
          .until(() -> node.get("/v1/stock/stream?skus=FULL").statusCode() == 503);
      other.show(node.uri("/stock.html?skus=FULL"));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(other.text("#problem"))
                      .isEqualTo(
                          "Node stopping: This node goes down; another one takes the connection."
                              + " This page tries again by itself."));
    } finally {
      node.close();
      stopping.join();
    }
  }
}
