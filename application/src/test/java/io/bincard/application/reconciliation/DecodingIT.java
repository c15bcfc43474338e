package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bincard.application.embedded.OwnPostgres;
import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.journal.Journal;
import io.bincard.application.journal.JournalBatch;
import io.bincard.application.journal.JournalEngine;
import io.bincard.application.journal.JournalHistory;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.tiers.LedgerDay;
import io.bincard.application.tiers.LedgerDays;
import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.reconciliation.decoding.DecodingConfiguration;
import io.bincard.reconciliation.decoding.FeedWitness;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.JournalFold;
import io.bincard.reconciliation.expected.PostgresExpectations;
import io.bincard.reconciliation.stored.StoredViews;
import io.bincard.reconciliation.stored.ViewsUnreadableException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Logical decoding beside the fold, on the real PostgreSQL. */
@ExtendWith(OutputCaptureExtension.class)
class DecodingIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ON = "bincard.reconciliation.enabled=true";
  private static final String SOON = "bincard.reconciliation.fold.claim-interval=100ms";
  private static final String SETTING = "bincard.reconciliation.decoding.";
  private static final String OFF = "Logical decoding does not watch the journal";
  private static final String DIFFER = "Feeds of the journal differ";
  private static final String LAG = "bincard_reconciliation_feed_lag_events";

  /** {@code -DdecodedCommands=100000} to measure. */
  private static final int COMMANDS = Integer.getInteger("decodedCommands", 3_000);

  private static final int AT_ONCE = 1_000;

  /** One that nobody disturbs for good. */
  private static RunningBincard undisturbed;

  private static int keys;

  @BeforeAll
  static void start() throws Exception {
    undisturbed =
        RunningBincard.withOwnLedger(
            ON, SOON, SETTING + "first-pause=10ms", SETTING + "patience=10s");
    awaitDecoding(undisturbed.bean(FeedWitness.class));
    register(undisturbed);
  }

  @AfterAll
  static void stop() {
    undisturbed.close();
  }

  private static String urlOfAll() {
    return RunningBincard.shared().property("spring.datasource.url");
  }

  private static JdbcClient as(String role, String url) {
    return JdbcClient.create(new DriverManagerDataSource(url, role, ""));
  }

  private static JdbcClient superuser() {
    return as("postgres", urlOfAll());
  }

  private static List<Integer> walsendersOf(String ledger) {
    return superuser()
        .sql("select active_pid from pg_replication_slots where active and slot_name ~ ?")
        .param("^bincard_" + ledger + "_[0-9a-f]{8}$")
        .query((row, n) -> row.getInt(1))
        .list();
  }

  private static void awaitDecoding(FeedWitness witness) {
    await().atMost(PATIENCE).until(witness::isDecoding);
  }

  private static void awaitCompared(FeedWitness witness, long positions) {
    await().atMost(PATIENCE).until(() -> witness.compared() >= positions);
  }

  /** Waits until all that was written is folded, decoded and in the views. */
  private static void awaitEverybody(RunningBincard bincard) {
    LedgerHistory history = bincard.bean(LedgerHistory.class);
    await()
        .atMost(PATIENCE)
        .ignoreException(ViewsUnreadableException.class) // before they are filled
        .until(
            () ->
                bincard.bean(Expectations.class).position() == history.headPosition()
                    && bincard.bean(StoredViews.class).mark().position() == history.headPosition()
                    && sample(bincard, LAG) == 0);
  }

  // In a whole node

  private static void post(RunningBincard bincard, String path, String json) throws Exception {
    assertThat(bincard.post(path, "decoding-" + keys++, json).statusCode()).isBetween(200, 299);
  }

  private static void register(RunningBincard bincard) throws Exception {
    post(bincard, "/v1/stock-items", "{\"sku\":\"A\",\"openingQuantity\":100000}");
  }

  private static void deduct(RunningBincard bincard, int times) throws Exception {
    String lines =
        IntStream.range(0, times)
            .mapToObj(
                _ ->
                    "{\"key\":\"decoding-%d\",\"type\":\"deduct-stock\",\"sku\":\"A\",\"quantity\":1,\"orderId\":\"o\"}"
                        .formatted(keys++))
            .collect(Collectors.joining("\n"));
    assertThat(bincard.batch("continue", lines).statusCode()).isEqualTo(200);
  }

  private static double sample(RunningBincard bincard, String name) throws Exception {
    Matcher sample =
        Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$")
            .matcher(bincard.get("/actuator/prometheus").body());
    assertThat(sample.find()).as(name).isTrue();
    return Double.parseDouble(sample.group(1));
  }

  private static double differences(RunningBincard bincard, String kind) throws Exception {
    return sample(bincard, "bincard_reconciliation_feed_differs_total{kind=\"" + kind + "\"}");
  }

  private static void assertNoneDiffers(RunningBincard bincard) throws Exception {
    for (String kind :
        List.of(
            "missed",
            "other",
            "out-of-order",
            "views-stand-still",
            "fold-stands-still",
            "decoding-stands-still")) {
      assertThat(differences(bincard, kind)).as(kind).isZero();
    }
  }

  @Test
  void what_is_folded_is_witnessed_and_a_node_that_stops_leaves_no_slot(CapturedOutput output)
      throws Exception {
    String ledger;
    try (RunningBincard bincard = RunningBincard.withOwnLedger(ON, SOON, SETTING + "window=1024")) {
      ledger = bincard.property("bincard.ledger");
      FeedWitness witness = bincard.bean(FeedWitness.class);
      awaitDecoding(witness);
      register(bincard);
      deduct(bincard, 300);
      post(
          bincard,
          "/v1/holds",
          "{\"orderId\":\"o-1\",\"lines\":[{\"sku\":\"A\",\"quantity\":2}],\"ttlSeconds\":900}");
      assertThat(
              bincard
                  .send("PUT", "/v1/skus/A", "decoding-" + keys++, "{\"name\":\"Cup\"}")
                  .statusCode())
          .isBetween(200, 299);
      deduct(bincard, 200);

      awaitCompared(witness, bincard.bean(LedgerHistory.class).headPosition());
      assertNoneDiffers(bincard);
      assertThat(sample(bincard, LAG)).isZero();
      assertThat(walsendersOf(ledger)).hasSize(1);
    }
    await().atMost(PATIENCE).until(() -> walsendersOf(ledger).isEmpty());
    assertThat(output).doesNotContain(DIFFER);
  }

  @Test
  void a_connection_that_was_killed_is_made_again_and_nobody_is_alarmed(CapturedOutput output)
      throws Exception {
    String ledger = undisturbed.property("bincard.ledger");
    FeedWitness witness = undisturbed.bean(FeedWitness.class);
    for (int round = 0; round < 3; round++) {
      deduct(undisturbed, 50);
      int walsender = walsendersOf(ledger).getFirst();
      superuser().sql("select pg_terminate_backend(?)").param(walsender).query().singleRow();
      deduct(undisturbed, 50);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  witness.isDecoding()
                      && walsendersOf(ledger).stream().anyMatch(pid -> pid != walsender));
    }
    awaitEverybody(undisturbed);
    long before = witness.compared();
    deduct(undisturbed, 50);

    awaitCompared(witness, before + 50);
    assertNoneDiffers(undisturbed);
    assertThat(output).contains("broken off and is begun again").doesNotContain(DIFFER);
  }

  @Test
  void views_that_stand_still_while_decoding_goes_on_are_told_once(CapturedOutput output)
      throws Exception {
    try (RunningBincard bincard =
        RunningBincard.withOwnLedger(
            ON, SOON, SETTING + "patience=2s", SETTING + "look-every=50ms")) {
      awaitDecoding(bincard.bean(FeedWitness.class));
      register(bincard);
      awaitEverybody(bincard);
      double before = differences(bincard, "views-stand-still"); // or they took long to begin
      double foldBefore = differences(bincard, "fold-stands-still");
      int told = output.getAll().length();
      JdbcClient owner = RunningBincard.ownersSqlOf(bincard.property("bincard.ledger"));
      owner
          .sql(
              """
              create function fail() returns trigger language plpgsql as $$
              begin
                raise exception 'no token moves';
              end
              $$;
              create trigger fail before update on token_entry for each row
                when (new.processor_name = 'availability') execute function fail()
              """)
          .update();
      deduct(bincard, 1); // is written, and then nobody can claim the token again
      await().atMost(PATIENCE).until(() -> output.getAll().contains("no token moves"));
      deduct(bincard, 10);

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(differences(bincard, "views-stand-still") - before).isEqualTo(1));
      assertThat(differences(bincard, "fold-stands-still")).isEqualTo(foldBefore);
      assertThat(output.getAll().substring(told))
          .containsOnlyOnce("the views stand still behind events");
      owner.sql("drop trigger fail on token_entry").update();
    }
  }

  @Test
  void a_fold_that_stands_still_while_decoding_goes_on_is_told() throws Exception {
    try (RunningBincard bincard =
        RunningBincard.withOwnLedger(
            ON, SOON, SETTING + "patience=1s", SETTING + "look-every=50ms")) {
      awaitDecoding(bincard.bean(FeedWitness.class));
      double before = differences(bincard, "fold-stands-still");
      JdbcClient owner = RunningBincard.ownersSqlOf(bincard.property("bincard.ledger"));
      owner.sql("revoke update on expected_head from public, bincard").update();
      register(bincard);

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(differences(bincard, "fold-stands-still") - before).isEqualTo(1));
      owner.sql("grant update on expected_head to bincard").update();
    }
  }

  @Test
  void without_the_role_the_application_starts_and_says_once_what_to_do(CapturedOutput output)
      throws Exception {
    try (RunningBincard bincard =
        RunningBincard.withOwnLedger(
            ON, SOON, SETTING + "user=nobody_there", SETTING + "longest-pause=500ms")) {
      register(bincard);
      await().atMost(PATIENCE).until(() -> bincard.bean(Expectations.class).position() == 1);

      await().atMost(PATIENCE).until(() -> output.getAll().contains(OFF));
      assertThat(output)
          .containsOnlyOnce(OFF)
          .contains("create role nobody_there login replication");
      assertThat(sample(bincard, LAG)).isNaN();
      assertNoneDiffers(bincard);

      // It is looked again.
      superuser().sql("create role nobody_there login replication").update();
      awaitDecoding(bincard.bean(FeedWitness.class));
    } finally {
      superuser().sql("drop role if exists nobody_there").update();
    }
  }

  @Test
  void a_node_that_is_told_not_to_does_not_decode() throws Exception {
    try (RunningBincard bincard =
        RunningBincard.withOwnLedger(ON, SOON, SETTING + "enabled=false")) {
      register(bincard);
      await().atMost(PATIENCE).until(() -> bincard.bean(Expectations.class).position() == 1);

      assertThat(walsendersOf(bincard.property("bincard.ledger"))).isEmpty();
      assertThat(bincard.get("/actuator/prometheus").body())
          .doesNotContain("bincard_reconciliation_feed_");
    }
  }

  /** Whoever does not let go of the write-ahead log fills the disk. */
  @Test
  void what_others_write_is_let_go_of_too() throws Exception {
    try (EmptyLedger other = new EmptyLedger()) {
      String ledger = undisturbed.property("bincard.ledger");
      awaitDecoding(undisturbed.bean(FeedWitness.class));
      other.asOwner().sql("create table noise (n int)").update();
      other.asOwner().sql("insert into noise select generate_series(1, 1000)").update();
      String written =
          superuser().sql("select pg_current_wal_lsn()::text").query(String.class).single();

      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  superuser()
                      .sql(
                          "select bool_and(confirmed_flush_lsn >= ?::pg_lsn) from"
                              + " pg_replication_slots where slot_name ~ ?")
                      .params(written, "^bincard_" + ledger + "_")
                      .query(Boolean.class)
                      .single());
    }
  }

  @Test
  void a_burst_is_witnessed_and_it_says_what_it_cost() throws Exception {
    FeedWitness witness = undisturbed.bean(FeedWitness.class);
    awaitDecoding(witness);
    awaitEverybody(undisturbed);
    long compared = witness.compared();
    ProcessHandle walsender =
        ProcessHandle.of(walsendersOf(undisturbed.property("bincard.ledger")).getFirst())
            .orElseThrow();
    long before = cpuMillis(walsender);
    long allBefore = cpuMillisOfAll(walsender);
    long begun = System.nanoTime();

    for (int sent = 0; sent < COMMANDS; sent += AT_ONCE) {
      deduct(undisturbed, AT_ONCE);
    }
    long answered = System.nanoTime();
    awaitCompared(witness, compared + COMMANDS);
    long witnessed = System.nanoTime();

    System.out.printf(
        "%d commands: answered in %d ms, witnessed %d ms later; CPU of the walsender %d ms, of all"
            + " of PostgreSQL %d ms%n",
        COMMANDS,
        Duration.ofNanos(answered - begun).toMillis(),
        Duration.ofNanos(witnessed - answered).toMillis(),
        cpuMillis(walsender) - before,
        cpuMillisOfAll(walsender) - allBefore);
    assertNoneDiffers(undisturbed);
  }

  private static long cpuMillis(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
  }

  private static long cpuMillisOfAll(ProcessHandle walsender) {
    return walsender.parent().orElseThrow().descendants().mapToLong(DecodingIT::cpuMillis).sum();
  }

  // In parts

  private static final JournalSerializer SERIALIZER = new JournalSerializer();
  private static final Instant MONDAY = Instant.parse("2026-03-02T12:00:00Z");

  private static AnnotationConfigApplicationContext node(
      String url, String ledger, DataSource dataSource, LedgerHistory history, String... settings) {
    AnnotationConfigApplicationContext node = new AnnotationConfigApplicationContext();
    TestPropertyValues.of(
            "spring.datasource.url=" + url, "bincard.ledger=" + ledger, SETTING + "enabled=true")
        .and(Arrays.stream(settings).map(each -> SETTING + each))
        .applyTo(node);
    node.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
    node.registerBean(DataSource.class, () -> dataSource, bean -> bean.setDestroyMethodName(""));
    node.registerBean(LedgerHistory.class, () -> history);
    node.registerBean(Expectations.class, () -> new PostgresExpectations(dataSource));
    node.registerBean(MeterRegistry.class, () -> new SimpleMeterRegistry());
    node.register(DecodingConfiguration.class);
    node.refresh();
    return node;
  }

  private static double differences(AnnotationConfigApplicationContext node, String kind) {
    return node.getBean(MeterRegistry.class)
        .get("bincard.reconciliation.feed.differs")
        .tag("kind", kind)
        .counter()
        .count();
  }

  /** A journal that does not give all that it has. */
  private record Lossy(LedgerHistory history, Predicate<CommittedEvent> gives)
      implements LedgerHistory {

    @Override
    public long headPosition() {
      return history.headPosition();
    }

    @Override
    public void read(
        long after, long upTo, Set<Class<? extends LedgerEvent>> kinds, Reader reader) {
      history.read(
          after,
          upTo,
          kinds,
          part ->
              reader.take(
                  new Part(
                      part.upTo(), part.time(), part.events().stream().filter(gives).toList())));
    }

    @Override
    public long streams(String prefix, long upTo) {
      return history.streams(prefix, upTo);
    }
  }

  private final Map<String, Long> sequences = new HashMap<>();

  private void commit(Journal journal, String sku, boolean isNew) throws SQLException {
    Sku item = new Sku(sku);
    String stream = "stock:" + sku + "@MAIN";
    long sequence = sequences.merge(stream, 1L, Long::sum) - 1;
    JournalBatch batch = new JournalBatch(journal.head(), SERIALIZER);
    batch.addEvents(
        List.of(
            new GenericDomainEventMessage<>(
                "stock-item",
                stream,
                sequence,
                isNew
                    ? new StockItemRegistered(
                        item, LocationId.MAIN, new Quantity(9), Quantity.ZERO, Quantity.ZERO)
                    : new StockDeducted(item, LocationId.MAIN, new Quantity(1), new OrderId("o")),
                MetaData.emptyInstance(),
                stream + sequence,
                MONDAY)));
    journal.commit(batch);
  }

  private static LedgerHistory historyOf(EmptyLedger ledger) {
    return new JournalHistory(
        JournalEngine.builder(ledger.dataSource(), _ -> {}).serializer(SERIALIZER).build(),
        ledger.dataSource(),
        SERIALIZER,
        2);
  }

  @Test
  void an_event_that_the_fold_is_not_given_is_told(CapturedOutput output) throws Exception {
    try (EmptyLedger ledger = new EmptyLedger();
        Connection connection = ledger.dataSource().getConnection()) {
      LedgerDays.make(connection, LedgerDay.of(MONDAY), 2);
      Journal journal = Journal.takeOver(connection);
      LedgerHistory history = historyOf(ledger);
      try (AnnotationConfigApplicationContext node =
          node(urlOfAll(), ledger.name(), ledger.dataSource(), history)) {
        FeedWitness witness = node.getBean(FeedWitness.class);
        JournalFold fold =
            new JournalFold(
                witness.over(new Lossy(history, event -> event.position() != 4)),
                ledger.dataSource(),
                100);
        TransactionTemplate transaction =
            new TransactionTemplate(new JdbcTransactionManager(ledger.dataSource()));
        witness.begun(0);
        awaitDecoding(witness);
        commit(journal, "A", true);
        commit(journal, "B", true);
        commit(journal, "A", false);
        commit(journal, "B", false); // nothing follows, so the fold itself cannot know
        commit(journal, "A", false);
        for (int page = 0; page < 3; page++) {
          long after = 2L * page;
          long upTo = Math.min(5, after + 2);
          JournalFold.Page folded =
              Objects.requireNonNull(transaction.execute(_ -> fold.fold(after, upTo)));
          witness.folded(folded.touched(), folded.after(), folded.upTo());
        }
        awaitCompared(witness, 5);

        await().atMost(PATIENCE).until(() -> differences(node, "missed") == 1);
        assertThat(output)
            .containsOnlyOnce(DIFFER)
            .contains("kind=\"missed\" first=\"4\" last=\"4\" events=\"1\"");
        assertThat(differences(node, "other")).isZero();
        assertThat(differences(node, "out-of-order")).isZero();
      }
    }
  }

  /** As where the network or PostgreSQL hangs: the process that tells of the journal is stopped. */
  @Test
  void decoding_that_stands_still_while_the_fold_goes_on_is_told_and_begun_anew(
      CapturedOutput output) throws Exception {
    try (EmptyLedger ledger = new EmptyLedger();
        Connection connection = ledger.dataSource().getConnection()) {
      LedgerDays.make(connection, LedgerDay.of(MONDAY), 2);
      Journal journal = Journal.takeOver(connection);
      LedgerHistory history = historyOf(ledger);
      try (AnnotationConfigApplicationContext node =
          node(
              urlOfAll(),
              ledger.name(),
              ledger.dataSource(),
              history,
              "patience=300ms",
              "look-every=20ms",
              "first-pause=10ms")) {
        FeedWitness witness = node.getBean(FeedWitness.class);
        JournalFold fold = new JournalFold(witness.over(history), ledger.dataSource(), 100);
        TransactionTemplate transaction =
            new TransactionTemplate(new JdbcTransactionManager(ledger.dataSource()));
        LongConsumer foldUpTo =
            upTo -> {
              JournalFold.Page page =
                  Objects.requireNonNull(transaction.execute(_ -> fold.fold(upTo - 1, upTo)));
              witness.folded(page.touched(), page.after(), page.upTo());
            };
        witness.begun(0);
        awaitDecoding(witness);
        commit(journal, "A", true);
        awaitDecoded(node);
        foldUpTo.accept(1);
        int walsender = walsendersOf(ledger.name()).getFirst();
        signal("STOP", walsender);
        try {
          commit(journal, "A", false);
          foldUpTo.accept(2);

          await().atMost(PATIENCE).until(() -> differences(node, "decoding-stands-still") == 1);
          await()
              .atMost(PATIENCE)
              .until(
                  () ->
                      witness.isDecoding()
                          && walsendersOf(ledger.name()).stream()
                              .anyMatch(pid -> pid != walsender));
        } finally {
          signal("CONT", walsender);
        }
        commit(journal, "A", false);
        awaitDecoded(node);
        foldUpTo.accept(3);

        awaitCompared(witness, 2); // the second event was told to nobody
        assertThat(differences(node, "decoding-stands-still")).isEqualTo(1);
        assertThat(differences(node, "missed") + differences(node, "other")).isZero();
        assertThat(output)
            .containsOnlyOnce(DIFFER + ": decoding stands still")
            .contains("kind=\"decoding-stands-still\" first=\"2\" last=\"2\" events=\"1\"");
      }
    }
  }

  private static void awaitDecoded(AnnotationConfigApplicationContext node) {
    Gauge lag =
        node.getBean(MeterRegistry.class).get("bincard.reconciliation.feed.lag.events").gauge();
    await().atMost(PATIENCE).until(() -> lag.value() == 0);
  }

  private static void signal(String signal, int process) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + signal, Integer.toString(process)).start().waitFor())
        .isZero();
  }

  @Test
  void a_page_that_was_undone_is_compared_once_it_is_committed() throws Exception {
    try (EmptyLedger ledger = new EmptyLedger();
        Connection connection = ledger.dataSource().getConnection()) {
      LedgerDays.make(connection, LedgerDay.of(MONDAY), 2);
      Journal journal = Journal.takeOver(connection);
      LedgerHistory history = historyOf(ledger);
      try (AnnotationConfigApplicationContext node =
          node(urlOfAll(), ledger.name(), ledger.dataSource(), history)) {
        FeedWitness witness = node.getBean(FeedWitness.class);
        LedgerHistory input = witness.over(history);
        witness.begun(0);
        awaitDecoding(witness);
        commit(journal, "A", true);
        commit(journal, "A", false);

        input.read(0, 2, Set.of(LedgerEvent.class), _ -> true);
        witness.begun(0); // after a rollback
        witness.folded(Set.of(), 0, 2);
        assertThat(witness.compared()).isZero();

        input.read(0, 2, Set.of(LedgerEvent.class), _ -> true);
        witness.folded(Set.of(), 0, 2);
        awaitCompared(witness, 2);
        assertThat(differences(node, "missed") + differences(node, "other")).isZero();
      }
    }
  }

  @Test
  void without_a_logical_write_ahead_log_it_says_once_what_to_do(
      CapturedOutput output, @TempDir Path folder) throws Exception {
    try (OwnPostgres postgres =
        new OwnPostgres(folder.resolve("replica"), List.of("-c wal_level=replica"))) {
      DataSource dataSource = postgres.dataSource("public");
      String url =
          postgres.arguments().stream()
              .filter(each -> each.startsWith("--spring.datasource.url="))
              .findFirst()
              .orElseThrow()
              .replaceFirst("^[^=]*=", "");
      try (AnnotationConfigApplicationContext node =
          node(
              url,
              "main",
              dataSource,
              new Lossy(RunningBincard.shared().bean(LedgerHistory.class), _ -> true),
              "longest-pause=500ms")) {
        node.getBean(FeedWitness.class).begun(0);

        await().atMost(PATIENCE).until(() -> output.getAll().contains(OFF));
        assertThat(output)
            .containsOnlyOnce(OFF)
            .contains("set wal_level = logical and start it again");
        assertThat(node.getBean(FeedWitness.class).isDecoding()).isFalse();
      }
    }
  }

  // What the role may do

  @Test
  void the_role_that_decodes_may_read_no_table_and_make_none() {
    RunningBincard.shared();
    JdbcClient decoding = as("bincard_decoding", urlOfAll());

    for (String attack :
        List.of(
            "select count(*) from main.event_journal",
            "select count(*) from main.command_receipt",
            "create table public.mine ()",
            "set role bincard_owner")) {
      assertThatThrownBy(() -> decoding.sql(attack).query().listOfRows())
          .as(attack)
          .isInstanceOf(DataAccessException.class)
          .hasStackTraceContaining("denied");
    }
    assertThat(
            decoding
                .sql(
                    "select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user")
                .query(Boolean.class)
                .single())
        .isFalse();
  }

  @Test
  void what_is_published_of_a_ledger_is_where_its_events_stand_and_nothing_else() {
    try (EmptyLedger ledger = new EmptyLedger()) {
      assertThat(
              ledger.texts(
                  "select concat_ws(' ', schemaname, tablename, attnames::text, rowfilter) from"
                      + " pg_publication_tables where pubname = ?",
                  "bincard_" + ledger.name()))
          .containsExactly(ledger.name() + " event_journal {position,stream,sequence}");
    }
  }
}
