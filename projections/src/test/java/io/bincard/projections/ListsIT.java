package io.bincard.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import com.redis.om.spring.RedisModulesConfiguration;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.catalog.CatalogEvent.SkuDescribed;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.catalog.SkuDescription;
import io.bincard.domain.catalog.SkuName;
import io.bincard.domain.discount.PriceList;
import io.bincard.domain.discount.PriceLists;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.HoldReleased;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockReceived;
import io.bincard.domain.stock.StockEvent.StockReserved;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.filling.ViewsProcessing;
import io.bincard.projections.filling.ViewsProjection;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.Projector;
import io.bincard.projections.fixture.RandomShop;
import io.bincard.projections.fixture.RedisProcess;
import io.bincard.projections.fixture.SettableClock;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.upkeep.ViewStoreWatcher;
import io.bincard.projections.viewstore.ViewStore;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What can only be answered of views, over HTTP, on a real Redis filled by Axon's processor. One
 * Redis for all tests, emptied before each.
 */
class ListsIT {

  private static final Instant NOON = Instant.parse("2099-12-01T12:00:00Z");
  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final LocationId EAST = new LocationId("EAST");
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir static Path folder;
  private static RedisProcess redis;

  private AnnotationConfigWebApplicationContext context;
  private LedgerInMemory ledger;
  private SettableClock clock;
  private MockMvc http;

  @BeforeAll
  static void startRedis() {
    redis = RedisProcess.start(folder);
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  /** What the module expects of the application. */
  @EnableWebMvc
  @org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
  static class Application {

    @Bean
    LedgerInMemory ledger() {
      return new LedgerInMemory();
    }

    @Bean
    SettableClock settableClock() {
      return new SettableClock(NOON);
    }

    @Bean
    CountedPrices prices() {
      return new CountedPrices();
    }

    @Bean
    Refusals refusals() {
      return new Refusals();
    }

    @Bean(initMethod = "start", destroyMethod = "shutdown")
    Configuration axon(LedgerInMemory ledger, List<ConfigurerModule> modules) {
      Configurer configurer =
          DefaultConfigurer.defaultConfiguration()
              .configureEventStore(_ -> ledger.events())
              .registerComponent(TokenStore.class, _ -> new InMemoryTokenStore());
      modules.forEach(module -> module.configureModule(configurer));
      return configurer.buildConfiguration();
    }
  }

  /** The application maps what breaks the rule of a value, and a ledger that is away. */
  @RestControllerAdvice
  static final class Refusals {

    @ExceptionHandler
    ResponseEntity<String> refuse(InvalidValueException e) {
      return ResponseEntity.badRequest().body(e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<String> refuse(LedgerUnavailableException e) {
      return ResponseEntity.status(503).body(e.getMessage());
    }
  }

  /** The policy in force, which can be changed, and how often prices were made. */
  static final class CountedPrices implements PriceLists {

    private volatile PolicyFingerprint policy = new PolicyFingerprint("a".repeat(64));
    private final AtomicInteger made = new AtomicInteger();

    @Override
    public Optional<PolicyFingerprint> inForce() {
      return Optional.of(policy);
    }

    @Override
    public Listed list(
        PolicyFingerprint by, Sku sku, Money unitPrice, @Nullable CategoryId category) {
      made.incrementAndGet();
      return unitPrice.currency().equals(GBP)
          ? new Listed.Made(PriceList.of(unitPrice), NOON.atOffset(ZoneOffset.UTC))
          : new Listed.CurrencyNotSold(GBP);
    }
  }

  @BeforeEach
  void start() {
    redis.empty();
    context = new AnnotationConfigWebApplicationContext();
    context.setServletContext(new MockServletContext());
    context.register(Application.class, RedisModulesConfiguration.class, ProjectionsWiring.class);
    TestPropertyValues.of(
            "spring.data.redis.url=" + redis.url(),
            "bincard.projections.watch-interval=50ms",
            "bincard.lists.max-looked-at=100")
        .applyTo(context);
    context.refresh();
    ledger = context.getBean(LedgerInMemory.class);
    clock = context.getBean(SettableClock.class);
    http = MockMvcBuilders.webAppContextSetup(context).build();
  }

  @AfterEach
  void stop() {
    context.close();
  }

  private void awaitHead() {
    ViewStatus status = context.getBean(ViewStatus.class);
    ViewStore store = context.getBean(ViewStore.class);
    Projector.await()
        .ignoreExceptions()
        .until(
            () ->
                status.isReadable(store.mark().orElseThrow().epoch())
                    && store.mark().orElseThrow().position() == ledger.headPosition());
  }

  private MockHttpServletResponse ask(String path) throws Exception {
    return http.perform(get(URI.create(path))).andReturn().getResponse();
  }

  private JsonNode answer(String path) throws Exception {
    MockHttpServletResponse response = ask(path);
    assertThat(response.getStatus())
        .as(path + " " + response.getContentAsString(StandardCharsets.UTF_8))
        .isEqualTo(200);
    return JSON.readTree(response.getContentAsByteArray());
  }

  /** All entries of a list, page by page. */
  private List<JsonNode> all(String path, String member) throws Exception {
    List<JsonNode> entries = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = answer(path + after);
      page.path(member).forEach(entries::add);
      assertThat(page.path("source").asString()).isEqualTo("view");
      after = page.has("next") ? "&after=" + page.path("next").asString() : "";
    } while (!after.isEmpty());
    return entries;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  // Against a naive fold

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void every_list_is_what_a_naive_look_at_the_ledger_finds(long seed) throws Exception {
    RandomShop shop = new RandomShop(ledger, new Random(seed), NOON);
    for (int i = 0; i < 400; i++) {
      shop.step();
      if (i == 200) {
        awaitHead(); // so that there are rows, and not only last states, to be moved
        assertListsAreNaive(seed);
      }
    }
    awaitHead();
    assertListsAreNaive(seed);

    // From here on nothing more can hang on what is written down: half of the open holds lapse.
    clock.setTo(NOON.plusMillis(500));
    assertListsAreNaive(seed);

    rebuild();
    assertListsAreNaive(seed);

    deliverAgain();
    assertListsAreNaive(seed);
  }

  private void deliverAgain() {
    context.getBean(ViewStoreWatcher.class).stop();
    StreamingEventProcessor processor =
        context
            .getBean(Configuration.class)
            .eventProcessingConfiguration()
            .eventProcessor(ViewsProjection.GROUP, StreamingEventProcessor.class)
            .orElseThrow();
    ViewsProjection projection = context.getBean(ViewsProcessing.class).projection();
    processor.shutDown(); // the last page is counted after everybody can see it
    long before = projection.applied();
    processor.resetTokens();
    processor.start();
    Projector.await().until(() -> projection.applied() == before + ledger.headPosition());
  }

  /** Everything is lost, and made anew by another path than page by page. */
  private void rebuild() {
    redis.command("FLUSHALL");
    awaitHead();
  }

  private void assertListsAreNaive(long seed) throws Exception {
    Instant now = clock.instant();
    Map<StockItemId, Long> available = new TreeMap<>(Comparator.comparing(StockItemId::toString));
    ledger.states().forEach((item, state) -> available.put(item, state.available(now)));
    for (int threshold : List.of(0, 3, 1_000)) {
      for (String location : List.of("", "EAST")) {
        List<String> low =
            all(
                    "/v1/low-stock?limit=7&threshold="
                        + threshold
                        + (location.isEmpty() ? "" : "&location=" + location),
                    "items")
                .stream()
                .map(
                    item ->
                        item.path("sku").asString()
                            + "@"
                            + item.path("location").asString()
                            + "="
                            + item.path("available").asLong())
                .toList();
        assertThat(low)
            .as("seed %d, threshold %d at %s", seed, threshold, location)
            .containsExactlyInAnyOrderElementsOf(
                available.entrySet().stream()
                    .filter(one -> one.getValue() <= threshold)
                    .filter(
                        one ->
                            location.isEmpty() || one.getKey().location().value().equals(location))
                    .map(one -> one.getKey() + "=" + one.getValue())
                    .toList());
      }
    }
    for (int i = 0; i < RandomShop.ORDERS; i++) {
      OrderId order = new OrderId("order-" + i);
      assertThat(
              all("/v1/holds?limit=3&orderId=" + order, "holds").stream()
                  .map(hold -> hold.path("id").asString() + " " + hold.path("status").asString())
                  .toList())
          .as("seed %d, %s", seed, order)
          .containsExactlyInAnyOrderElementsOf(
              ledger.holds().entrySet().stream()
                  .filter(one -> order.equals(one.getValue().orderId()))
                  .map(one -> one.getKey() + " " + status(one.getValue(), now))
                  .toList());
    }
    for (int i = 0; i < RandomShop.SKUS; i++) {
      assertSkuIsNaive(RandomShop.sku(i), now);
    }
    for (String category : List.of("", "mugs", "tea")) {
      for (String prefix : List.of("", "m", "MUG", "Mug,", "te", "ä", "x")) {
        for (String status : List.of("", "in-stock", "out-of-stock", "frozen", "discontinued")) {
          assertSearchIsNaive(seed, category, prefix, status, now);
        }
      }
    }
  }

  private static String status(Hold hold, Instant now) {
    return hold.status() == Hold.Status.PLACED && !hold.expiresAt().isAfter(now)
        ? "expired"
        : hold.status().name().toLowerCase(Locale.ROOT);
  }

  private List<Map.Entry<StockItemId, StockItem>> items(Sku sku) {
    return ledger.states().entrySet().stream()
        .filter(one -> one.getKey().sku().equals(sku))
        .sorted(Comparator.comparing(one -> one.getKey().toString()))
        .toList();
  }

  private void assertSkuIsNaive(Sku sku, Instant now) throws Exception {
    DescribedSku described = ledger.skus().get(sku);
    if (described == null) {
      assertThat(ask("/v1/skus/" + sku).getStatus()).isEqualTo(404);
    } else {
      JsonNode told = answer("/v1/skus/" + sku);
      assertThat(told.path("version").asLong()).isEqualTo(described.version());
      assertThat(told.path("source").asString()).isEqualTo("view");
      SkuDescription said = said(described);
      assertThat(told.path("name").asString()).isEqualTo(said.name().value());
      assertThat(told.path("category").asString(""))
          .isEqualTo(said.category() == null ? "" : said.category().value());
      assertThat(told.at("/unitPrice/amount").asLong(0))
          .isEqualTo(said.unitPrice() == null ? 0 : said.unitPrice().amount());
    }
    List<Map.Entry<StockItemId, StockItem>> items = items(sku);
    if (items.isEmpty()) {
      return;
    }
    JsonNode stock = answer("/v1/stock/" + sku + "/locations");
    assertThat(stock.path("source").asString()).isEqualTo("view");
    assertThat(stock.at("/total/onHand").asLong())
        .isEqualTo(items.stream().mapToLong(one -> one.getValue().onHand()).sum());
    assertThat(stock.at("/total/reserved").asLong())
        .isEqualTo(items.stream().mapToLong(one -> one.getValue().reserved(now)).sum());
    assertThat(stock.at("/total/available").asLong())
        .isEqualTo(items.stream().mapToLong(one -> one.getValue().available(now)).sum());
    List<String> places = new ArrayList<>();
    stock.path("locations").forEach(place -> places.add(place.path("location").asString()));
    assertThat(places)
        .containsExactlyElementsOf(
            items.stream().map(one -> one.getKey().location().value()).sorted().toList());
  }

  private void assertSearchIsNaive(
      long seed, String category, String prefix, String status, Instant now) throws Exception {
    List<String> found =
        all(
                "/v1/skus?limit=2&namePrefix="
                    + encoded(prefix)
                    + (category.isEmpty() ? "" : "&category=" + category)
                    + (status.isEmpty() ? "" : "&status=" + status),
                "skus")
            .stream()
            .map(sku -> sku.path("sku").asString() + " " + sku.path("status").asString())
            .toList();
    List<String> naive =
        ledger.skus().entrySet().stream()
            .filter(
                one -> {
                  SkuDescription said = said(one.getValue());
                  return said.name()
                          .value()
                          .toLowerCase(Locale.ROOT)
                          .startsWith(prefix.toLowerCase(Locale.ROOT))
                      && (category.isEmpty()
                          || (said.category() != null && said.category().value().equals(category)));
                })
            .sorted(
                Comparator.comparing(
                        (Map.Entry<Sku, DescribedSku> one) ->
                            said(one.getValue()).name().value().toLowerCase(Locale.ROOT))
                    .thenComparing(one -> one.getKey().value()))
            .map(one -> one.getKey() + " " + naiveStatus(one.getKey(), one.getValue(), now))
            .filter(one -> status.isEmpty() || one.endsWith(" " + status))
            .toList();
    assertThat(found)
        .as("seed %d, category %s, prefix %s, status %s", seed, category, prefix, status)
        .containsExactlyElementsOf(naive);
  }

  private static SkuDescription said(DescribedSku described) {
    return Objects.requireNonNull(described.description());
  }

  private String naiveStatus(Sku sku, DescribedSku described, Instant now) {
    List<StockItem> items = items(sku).stream().map(Map.Entry::getValue).toList();
    if (said(described).discontinued()) {
      return "discontinued";
    }
    if (!items.isEmpty() && items.stream().allMatch(StockItem::frozen)) {
      return "frozen";
    }
    return items.stream().anyMatch(item -> !item.frozen() && item.available(now) > 0)
        ? "in-stock"
        : "out-of-stock";
  }

  // By hand

  private void describe(String sku, String name, @Nullable Money price) {
    ledger.publish(new SkuDescribed(new Sku(sku), new SkuName(name), null, price, false));
  }

  private void hold(StockItemId item, int number, long units, Instant until) {
    HoldId id = new HoldId(new UUID(9, number));
    Quantity quantity = new Quantity(units);
    OrderId order = new OrderId("o-1");
    Part part = new Part(0, item.sku(), item.location(), quantity, null);
    ledger.publish(
        new HoldPlaced(id, order, List.of(part), null, NOON, until),
        new StockReserved(item.sku(), item.location(), quantity, id, order, until));
  }

  @Test
  void the_whole_of_each_answer() throws Exception {
    describe("A", "Mug", new Money(1_999, GBP));
    StockItemId main = ledger.register("A", 5);
    ledger.publish(
        new StockItemRegistered(main.sku(), EAST, new Quantity(2), new Quantity(1), Quantity.ZERO));
    hold(main, 1, 2, NOON.plusSeconds(60));
    awaitHead();

    assertThat(JSON.writeValueAsString(answer("/v1/skus/A")))
        .isEqualTo(
            "{\"sku\":\"A\",\"name\":\"Mug\",\"unitPrice\":{\"amount\":1999,\"currency\":\"GBP\"},"
                + "\"discontinued\":false,\"version\":0,\"asOfPosition\":5,\"ageMillis\":0,\"source\":\"view\"}");
    assertThat(ask("/v1/skus/A").getHeader("ETag")).isEqualTo("\"0\"");
    String east =
        "{\"sku\":\"A\",\"location\":\"EAST\",\"onHand\":2,\"reserved\":0,\"available\":1,\"version\":0,"
            + "\"asOfPosition\":5,\"ageMillis\":0,\"frozen\":false,\"source\":\"view\",\"stale\":false}";
    String here =
        "{\"sku\":\"A\",\"location\":\"MAIN\",\"onHand\":5,\"reserved\":2,\"available\":3,\"version\":1,"
            + "\"asOfPosition\":5,\"ageMillis\":0,\"frozen\":false,\"source\":\"view\",\"stale\":false}";
    assertThat(JSON.writeValueAsString(answer("/v1/stock/A/locations?minPosition=5")))
        .isEqualTo(
            "{\"sku\":\"A\",\"name\":\"Mug\",\"discontinued\":false,"
                + "\"total\":{\"onHand\":7,\"reserved\":2,\"available\":4},\"locations\":["
                + east
                + ","
                + here
                + "],\"asOfPosition\":5,\"ageMillis\":0,\"source\":\"view\",\"stale\":false}");
    assertThat(JSON.writeValueAsString(answer("/v1/low-stock?threshold=3")))
        .isEqualTo(
            "{\"threshold\":3,\"items\":["
                + east
                + ","
                + here
                + "],\"asOfPosition\":5,\"ageMillis\":0,\"source\":\"view\"}");
    assertThat(JSON.writeValueAsString(answer("/v1/holds?orderId=o-1")))
        .isEqualTo(
            "{\"orderId\":\"o-1\",\"holds\":[{\"id\":\"00000000-0000-0009-0000-000000000001\",\"status\":\"placed\","
                + "\"placedAt\":\"2099-12-01T12:00:00Z\",\"expiresAt\":\"2099-12-01T12:01:00Z\","
                + "\"lines\":[{\"line\":0,\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":2,\"confirmed\":0}],"
                + "\"version\":0}],\"completeSince\":\"2099-11-02T12:00:00Z\",\"asOfPosition\":5,\"ageMillis\":0,"
                + "\"source\":\"view\"}");
    assertThat(JSON.writeValueAsString(answer("/v1/skus?namePrefix=mu&status=in-stock")))
        .isEqualTo(
            "{\"skus\":[{\"sku\":\"A\",\"name\":\"Mug\",\"unitPrice\":{\"amount\":1999,\"currency\":\"GBP\"},"
                + "\"discontinued\":false,\"status\":\"in-stock\",\"total\":{\"onHand\":7,\"reserved\":2,\"available\":4},"
                + "\"version\":0}],\"asOfPosition\":5,\"ageMillis\":0,\"source\":\"view\"}");
  }

  @Test
  void what_the_least_is_available_of_comes_first_what_is_owed_before_all() throws Exception {
    for (int i = 0; i < 12; i++) {
      StockItemId item = ledger.register("S-" + i, 11 - i);
      if (i == 11) {
        ledger.deduct(item, 2);
      }
    }
    awaitHead();

    assertThat(
            all("/v1/low-stock?threshold=9&limit=4", "items").stream()
                .map(item -> item.path("available").asLong())
                .toList())
        .containsExactly(-2L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void an_item_leaves_the_list_when_there_is_plenty_of_it_and_comes_back() throws Exception {
    StockItemId item = ledger.register("A", 1);
    awaitHead();
    assertThat(all("/v1/low-stock?threshold=1000", "items")).hasSize(1);

    ledger.publish(new StockReceived(item.sku(), item.location(), new Quantity(1_000), null));
    awaitHead();
    assertThat(all("/v1/low-stock?threshold=1000", "items")).isEmpty();

    ledger.deduct(item, 1);
    awaitHead();
    assertThat(all("/v1/low-stock?threshold=1000", "items")).hasSize(1);
  }

  @Test
  void an_item_whose_promise_has_lapsed_is_not_told_to_be_low() throws Exception {
    StockItemId item = ledger.register("A", 5);
    hold(item, 1, 4, NOON.plusMillis(10));
    awaitHead();
    assertThat(all("/v1/low-stock?threshold=1", "items")).hasSize(1);

    clock.setTo(NOON.plusMillis(10));
    assertThat(all("/v1/low-stock?threshold=1", "items")).isEmpty();
    assertThat(all("/v1/low-stock?threshold=5", "items")).hasSize(1);
    assertThat(answer("/v1/holds?orderId=o-1").at("/holds/0/status").asString())
        .isEqualTo("expired");
  }

  @Test
  void a_page_looks_at_no_more_than_it_may_and_says_how_to_go_on() throws Exception {
    for (int i = 0; i < 101; i++) {
      describe("S-" + i, "Mug " + i, null);
    }
    ledger.register("S-99", 1); // the last one in the order of names
    awaitHead();

    JsonNode first = answer("/v1/skus?status=in-stock");
    assertThat(first.path("skus")).isEmpty();
    JsonNode second = answer("/v1/skus?status=in-stock&after=" + first.path("next").asString());
    assertThat(second.at("/skus/0/sku").asString()).isEqualTo("S-99");
    assertThat(second.has("next")).isFalse();
  }

  @Test
  void without_views_what_only_they_know_is_unknown_and_the_rest_is_the_ledgers() throws Exception {
    describe("A", "Mug", new Money(1_999, GBP));
    StockItemId item = ledger.register("A", 5);
    hold(item, 1, 2, NOON.plusSeconds(60));
    awaitHead();

    redis.kill();
    for (String path : List.of("/v1/low-stock?threshold=9", "/v1/holds?orderId=o-1", "/v1/skus")) {
      MockHttpServletResponse refused = ask(path);
      assertThat(refused.getStatus()).as(path).isEqualTo(503);
      assertThat(refused.getHeader("Retry-After")).isEqualTo("1");
      assertThat(refused.getContentAsString()).contains("/problems/views-unavailable");
    }
    assertThat(answer("/v1/skus/A").path("source").asString()).isEqualTo("ledger");
    JsonNode stock = answer("/v1/stock/A/locations");
    assertThat(stock.path("source").asString()).isEqualTo("ledger");
    assertThat(stock.at("/total/available").asLong()).isEqualTo(3);
    assertThat(answer("/v1/prices/A").at("/steps/0/unitPrice/amount").asLong()).isEqualTo(1_999);
  }

  @Test
  void a_lost_row_or_set_is_unknown_and_never_none() throws Exception {
    describe("A", "Mug", null);
    StockItemId item = ledger.register("A", 5);
    hold(item, 1, 2, NOON.plusSeconds(60));
    awaitHead();
    long generation = context.getBean(ViewStore.class).mark().orElseThrow().generation();
    for (String key :
        List.of(
            "sku:A", "locations:A", "hold:" + new HoldId(new UUID(9, 1)), "availability:A@MAIN")) {
      redis.command("DEL " + ViewStore.key(generation, key));
    }

    assertThat(answer("/v1/skus/A").path("source").asString()).isEqualTo("ledger");
    assertThat(answer("/v1/stock/A/locations").at("/total/available").asLong()).isEqualTo(3);
    assertThat(all("/v1/holds?orderId=o-1", "holds")).hasSize(1);
    assertThat(all("/v1/low-stock?threshold=9", "items")).hasSize(1);

    ledger.setUnavailable(true);
    for (String path : List.of("/v1/skus/A", "/v1/stock/A/locations", "/v1/holds?orderId=o-1")) {
      assertThat(ask(path).getStatus()).as(path).isEqualTo(503);
    }
  }

  @Test
  void holds_that_were_over_long_ago_are_forgotten_with_their_order() throws Exception {
    HoldId id = new HoldId(new UUID(9, 1));
    OrderId order = new OrderId("o-1");
    Instant longAgo = Instant.parse("2020-01-01T00:00:00Z");
    ledger.register("A", 5);
    awaitHead();
    Part part = new Part(0, new Sku("A"), LocationId.MAIN, new Quantity(1), null);
    ledger.publish(
        new HoldPlaced(id, order, List.of(part), null, longAgo, longAgo.plusSeconds(9)),
        new HoldReleased(id, order));
    awaitHead();

    assertThat(all("/v1/holds?orderId=o-1", "holds")).isEmpty();
    assertThat((List<?>) redis.command("KEYS *:order:*")).isEmpty();
    assertThat((List<?>) redis.command("KEYS *:hold:*")).isEmpty();
  }

  @Test
  void prices_are_kept_until_the_policy_or_the_description_is_another() throws Exception {
    CountedPrices prices = context.getBean(CountedPrices.class);
    describe("A", "Mug", new Money(1_999, GBP));
    awaitHead();

    JsonNode first = answer("/v1/prices/A?currency=GBP");
    assertThat(answer("/v1/prices/A")).isEqualTo(first);
    assertThat(prices.made).hasValue(1);

    prices.policy = new PolicyFingerprint("b".repeat(64));
    assertThat(answer("/v1/prices/A").path("policy").asString()).startsWith("bbb");
    assertThat(prices.made).hasValue(2);

    describe("A", "Mug", new Money(1_899, GBP));
    awaitHead();
    assertThat(answer("/v1/prices/A").at("/listPrice/amount").asLong()).isEqualTo(1_899);
    assertThat(prices.made).hasValue(3);
  }

  @Test
  void what_has_no_price_says_why() throws Exception {
    describe("A", "Mug", null);
    describe("B", "Mug", new Money(1, new CurrencyCode("EUR")));
    awaitHead();

    for (Map.Entry<String, String> each :
        Map.of(
                "A", "404 /problems/no-list-price",
                "X", "404 /problems/unknown-sku",
                "B", "409 /problems/currency-not-sold",
                "B?currency=GBP", "409 /problems/currency-not-sold")
            .entrySet()) {
      MockHttpServletResponse refused = ask("/v1/prices/" + each.getKey());
      assertThat(
              refused.getStatus()
                  + " "
                  + JSON.readTree(refused.getContentAsByteArray()).path("type").asString())
          .as(each.getKey())
          .isEqualTo(each.getValue());
    }
  }

  @Test
  void a_value_that_breaks_its_rule_is_refused() throws Exception {
    for (String path :
        List.of(
            "/v1/low-stock?threshold=-1",
            "/v1/low-stock?threshold=1001",
            "/v1/low-stock?threshold=5&limit=0",
            "/v1/low-stock?threshold=5&limit=101",
            "/v1/low-stock?threshold=5&after=%21",
            "/v1/low-stock?threshold=5&after=QUJD",
            "/v1/low-stock?threshold=5&location=-",
            "/v1/holds?orderId=-",
            "/v1/holds?orderId=o&after=QUJD",
            "/v1/skus?status=gone",
            "/v1/skus?category=-",
            "/v1/skus?namePrefix=%0A",
            "/v1/skus?after=QUJD",
            "/v1/skus?namePrefix=x&after=bXVnAEE",
            "/v1/skus/-",
            "/v1/stock/A/locations?minPosition=x",
            "/v1/prices/-",
            "/v1/prices/A?currency=pounds")) {
      assertThat(ask(path).getStatus()).as(path).isEqualTo(400);
    }
  }

  @Test
  void nobody_knows_a_sku_that_is_neither_described_nor_stocked() throws Exception {
    ledger.register("A", 1);
    awaitHead();

    assertThat(ask("/v1/stock/X/locations").getStatus()).isEqualTo(404);
    assertThat(ask("/v1/skus/A").getStatus()).isEqualTo(404);
    JsonNode stock = answer("/v1/stock/A/locations");
    assertThat(stock.has("name")).isFalse();
    assertThat(stock.at("/total/onHand").asLong()).isEqualTo(1);
  }
}
