package io.bincard.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.bincard.client.fixture.Diary;
import io.bincard.client.fixture.ScriptedServer;
import io.bincard.client.fixture.ScriptedServer.Connection;
import io.bincard.client.fixture.TestTicker;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StockClientTest {

  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final Duration INSTANT = Duration.ofNanos(1);

  /** Heartbeats every ten seconds, and a first delay of exactly a second, by the chance below. */
  private static final Patience PATIENCE =
      Patience.forHeartbeat(Duration.ofSeconds(10)).withDelays(DELAY, DELAY.multipliedBy(8));

  /** The longest delay there can be, always. */
  private static final RandomGenerator LONGEST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  private final TestTicker ticker = new TestTicker();
  private final Diary diary = new Diary();
  private ScriptedServer one;
  private ScriptedServer two;
  private StockClient client;

  @BeforeEach
  void start() throws Exception {
    one = new ScriptedServer();
    two = new ScriptedServer();
    client = new StockClient(List.of(one.uri(), two.uri()), PATIENCE, ticker, LONGEST);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    one.close();
    two.close();
  }

  private Subscription follow(String... skus) {
    return client.follow(List.of(skus), diary);
  }

  private static String json(String sku, long version, long units, long asOf) {
    return ("{\"sku\":\"%s\",\"location\":\"MAIN\",\"onHand\":%d,\"reserved\":0,\"available\":%d,"
            + "\"version\":%d,\"asOfPosition\":%d,\"ageMillis\":0,\"frozen\":false,"
            + "\"source\":\"ledger\",\"stale\":false}")
        .formatted(sku, units, units, version, asOf);
  }

  private static String snapshot(String sku, long version, long units, long asOf) {
    return "id: 0\nevent: snapshot\ndata: " + json(sku, version, units, asOf) + "\n\n";
  }

  private static String stock(String sku, long version, long units, long position) {
    return "id: %d\nevent: stock\ndata: %s\n\n"
        .formatted(position, json(sku, version, units, position));
  }

  private static String heartbeat(long position) {
    return ": heartbeat\nid: " + position + "\n\n";
  }

  private static String resync(String reason) {
    return "id: 0\nevent: resync\ndata: {\"reason\":\"" + reason + "\"}\n\n";
  }

  private static String redirect(String token) {
    return "event: redirect\ndata: {\"token\":\"" + token + "\",\"expiresInMillis\":15000}\n\n";
  }

  /** A connection to the first server that is as far as position 10, with A at 5 units. */
  private Connection connected() throws Exception {
    Connection connection = one.next().accept();
    connection.write(snapshot("A", 3, 5, 10) + heartbeat(10));
    assertThat(diary.next(2)).containsExactly("A v3: 5", "connected");
    return connection;
  }

  /** Waits until so many attempts have failed, and the next one is waited for. */
  private static void awaitFailures(Subscription subscription, long failures) {
    awaitUntil(() -> subscription.statistics().failures() >= failures);
  }

  private static void awaitUntil(BooleanSupplier reached) {
    for (int turn = 0; !reached.getAsBoolean(); turn++) {
      if (turn > 5_000) {
        throw new AssertionError("it did not come to that");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  // What is told

  @Test
  void tells_what_there_is_and_then_what_changes() throws Exception {
    Subscription subscription = follow("A", "B");
    Connection connection = one.next();
    assertThat(connection.path()).isEqualTo("/v1/stock/stream?skus=A,B&location=MAIN");
    assertThat(connection.header("Accept")).isEqualTo("text/event-stream");
    assertThat(connection.header("Last-Event-ID")).isEmpty();
    connection.accept().write(snapshot("A", 3, 5, 10));
    assertThat(diary.next()).isEqualTo("A v3: 5");
    connection.write(
        "id: 0\nevent: unknown\ndata: {\"sku\":\"B\",\"location\":\"MAIN\"}\n\n" + heartbeat(10));
    assertThat(diary.next(2)).containsExactly("B is unknown", "connected");
    connection.write(stock("A", 4, 4, 11) + stock("B", 0, 7, 12));
    assertThat(diary.next(2)).containsExactly("A v4: 4", "B v0: 7");

    assertThat(subscription.state()).isEqualTo(Subscription.State.CONNECTED);
    assertThat(subscription.statistics())
        .isEqualTo(new Subscription.Statistics(12, 1, 0, 0, 0, 0, 3, 0, 0, 0));
  }

  @Test
  void reads_what_comes_in_single_bytes() throws Exception {
    follow("A");
    Connection connection = one.next().accept();
    for (char each : (snapshot("A", 3, 5, 10) + heartbeat(10)).toCharArray()) {
      connection.write(String.valueOf(each));
    }

    assertThat(diary.next(2)).containsExactly("A v3: 5", "connected");
  }

  @Test
  void skus_and_locations_are_written_as_a_query_has_them() throws Exception {
    client.follow(List.of("A+B #1", "C&D"), "M 1", diary);

    assertThat(one.next().path()).isEqualTo("/v1/stock/stream?skus=A%2BB+%231,C%26D&location=M+1");
  }

  @Test
  void what_a_server_tells_beyond_what_is_known_is_passed_over() throws Exception {
    follow("A");
    Connection connection = connected();
    connection.write("event: weather\ndata: rain\n\nretry: 1\n\n: only a word\n\n");
    connection.write(stock("A", 4, 4, 11).replace("\"frozen\"", "\"new\":null,\"frozen\""));

    assertThat(diary.next()).isEqualTo("A v4: 4");
  }

  @Test
  void a_listener_that_throws_is_counted_and_told_on() throws Exception {
    BlockingQueue<Long> versions = new ArrayBlockingQueue<>(10);
    Subscription subscription =
        client.follow(
            List.of("A"),
            level -> {
              versions.add(level.version());
              throw new IllegalStateException("on purpose");
            });
    Connection connection = one.next().accept().write(snapshot("A", 3, 5, 10) + heartbeat(10));
    assertThat(versions.take()).isEqualTo(3);
    connection.write(stock("A", 4, 4, 11));
    assertThat(versions.take()).isEqualTo(4);
    connection.write(stock("A", 5, 3, 12));
    assertThat(versions.take()).isEqualTo(5);

    assertThat(subscription.statistics().listenerErrors()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void a_slow_listener_gets_the_last_value_and_the_connection_is_read_on() throws Exception {
    BlockingQueue<StockLevel> told = new ArrayBlockingQueue<>(10);
    CountDownLatch goOn = new CountDownLatch(1);
    Subscription subscription =
        client.follow(
            List.of("A", "B"),
            level -> {
              told.add(level);
              try {
                goOn.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Connection connection = one.next().accept().write(snapshot("A", 1, 1_000_000, 10));
    assertThat(told.take().version()).isEqualTo(1);
    int changes = 20_000; // far more than the buffers of a connection hold
    for (int change = 1; change <= changes; change++) {
      connection.write(stock(change % 2 == 0 ? "A" : "B", 1 + change, 9, 10 + change));
    }
    connection.write(redirect("t"));
    connection.awaitGone(); // or it would stand still here
    goOn.countDown();

    assertThat(List.of(told.take(), told.take()))
        .extracting(StockLevel::sku, StockLevel::version)
        .containsExactlyInAnyOrder(tuple("B", 1L + changes - 1), tuple("A", 1L + changes));
    assertThat(subscription.statistics().conflated()).isEqualTo(changes - 2);
    assertThat(two.next().header("Last-Event-ID")).isEqualTo(Long.toString(10 + changes));
  }

  // Connections that end

  @Test
  void a_lost_connection_goes_on_at_the_next_node_from_where_it_was() throws Exception {
    Subscription subscription = follow("A");
    connected().reset();
    assertThat(diary.next()).isEqualTo("reconnecting");
    ticker.advance(DELAY);
    Connection next = two.next();
    assertThat(next.header("Last-Event-ID")).isEqualTo("10");
    next.accept().write(stock("A", 4, 4, 11));
    assertThat(diary.next(2)).containsExactly("A v4: 4", "connected");

    assertThat(subscription.statistics())
        .isEqualTo(new Subscription.Statistics(11, 2, 1, 0, 0, 0, 2, 0, 0, 0));
  }

  @Test
  void changes_that_belong_together_move_the_position_with_the_last_of_them() throws Exception {
    Subscription subscription = follow("A", "B");
    connected().close();
    assertThat(diary.next()).isEqualTo("reconnecting");
    ticker.advance(DELAY);
    Connection next = two.next().accept();
    next.write("event: stock\ndata: " + json("A", 4, 4, 11) + "\n\n");
    assertThat(diary.next()).isEqualTo("A v4: 4");
    assertThat(subscription.statistics().position()).isEqualTo(10);
    assertThat(diary.isRead()).as("not all has come").isTrue();
    next.write(stock("B", 0, 7, 12));
    assertThat(diary.next(2)).containsExactly("B v0: 7", "connected");
    assertThat(subscription.statistics().position()).isEqualTo(12);
  }

  @Test
  void a_block_that_broke_off_counts_for_nothing() throws Exception {
    follow("A");
    Connection connection = connected();
    connection.write("id: 99\nevent: stock\ndata: " + json("A", 9, 1, 99) + "\n");
    connection.close();
    assertThat(diary.next()).isEqualTo("reconnecting");
    ticker.advance(DELAY);

    assertThat(two.next().header("Last-Event-ID")).isEqualTo("10");
  }

  @Test
  void waits_longer_with_every_failure_and_from_the_beginning_after_a_good_while()
      throws Exception {
    Subscription subscription = follow("A");
    ScriptedServer[] nodes = {one, two};
    int turn = 0;
    for (int seconds : new int[] {1, 2, 4, 8, 8}) {
      nodes[turn++ % 2].next().refuse(503, "", "");
      awaitFailures(subscription, turn);
      ticker.advance(Duration.ofSeconds(seconds).minus(INSTANT));
      assertThat(nodes[turn % 2].next(30)).as("before %d s", seconds).isNull();
      ticker.advance(INSTANT);
    }
    Connection good = nodes[turn++ % 2].next().accept().write(heartbeat(10));
    awaitState("connected");
    ticker.advance(PATIENCE.steadyAfter());
    good.close();
    awaitState("reconnecting");
    ticker.advance(DELAY);

    assertThat(nodes[turn % 2].next().header("Last-Event-ID")).isEqualTo("10");
  }

  private void awaitState(String state) throws InterruptedException {
    String next = diary.next();
    while (!next.equals(state)) {
      next = diary.next();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void comes_again_when_the_server_says_and_not_before(int status) throws Exception {
    Subscription subscription = follow("A");
    one.next().refuse(status, "Retry-After: 7\r\n", "{}");
    awaitFailures(subscription, 1);
    Duration asked = Duration.ofSeconds(7);
    ticker.advance(asked.plus(DELAY).minus(INSTANT));
    assertThat(two.next(50)).isNull();
    ticker.advance(INSTANT);

    assertThat(two.next().path()).startsWith("/v1/stock/stream");
  }

  @Test
  void a_question_that_the_server_does_not_take_is_not_asked_again() throws Exception {
    Subscription subscription = follow("A");
    one.next().refuse(400, "", "{\"title\":\"Too many SKUs\"}");

    assertThat(diary.next(2))
        .containsExactly("refused: 400 {\"title\":\"Too many SKUs\"}", "closed");
    assertThat(subscription.state()).isEqualTo(Subscription.State.CLOSED);
  }

  @Test
  void an_answer_that_is_no_stream_of_events_is_a_failure() throws Exception {
    Subscription subscription = follow("A");
    one.next().refuse(200, "Content-Type: text/html\r\n", "<h1>Welcome to the hotel</h1>");
    awaitFailures(subscription, 1);
    ticker.advance(DELAY);
    two.next().refuse(302, "Location: " + one.uri() + "\r\n", "");
    awaitFailures(subscription, 2);
    ticker.advance(DELAY.multipliedBy(2));
    one.next();

    assertThat(subscription.statistics().failures()).isEqualTo(2);
    assertThat(subscription.statistics().connections()).isZero();
  }

  @Test
  void a_node_that_goes_down_sends_its_clients_elsewhere_at_once() throws Exception {
    Subscription subscription = follow("A");
    connected().write(stock("A", 4, 4, 11) + redirect("to+ken"));
    Connection next = two.next(); // and no time has passed
    assertThat(next.path()).endsWith("&location=MAIN&redirectToken=to%2Bken");
    assertThat(next.header("Last-Event-ID")).isEqualTo("11");
    next.accept().write(heartbeat(11));
    awaitState("connected");
    next.close();
    awaitState("reconnecting");
    ticker.advance(Duration.ofSeconds(15));

    assertThat(one.next().path()).as("the token's time is over").endsWith("&location=MAIN");
    assertThat(subscription.statistics().redirects()).isEqualTo(1);
    assertThat(subscription.statistics().failures()).isEqualTo(1);
  }

  @Test
  void nodes_that_send_a_client_round_and_round_are_waited_for() throws Exception {
    Subscription subscription = follow("A");
    connected().write(redirect("t"));
    two.next().accept().write(redirect("u"));
    awaitUntil(() -> subscription.statistics().redirects() == 2);
    assertThat(one.next(50)).isNull();
    ticker.advance(DELAY);

    assertThat(one.next().path()).endsWith("redirectToken=u");
  }

  // Silence

  @Test
  void silence_is_told_in_grades_and_then_another_node_is_asked() throws Exception {
    Subscription subscription = follow("A");
    Connection connection = connected();
    ticker.advance(Duration.ofSeconds(15).minus(INSTANT));
    assertThat(diary.isRead()).isTrue();
    ticker.advance(INSTANT);
    assertThat(diary.next()).isEqualTo("quiet");
    ticker.advance(Duration.ofSeconds(5));
    assertThat(diary.next()).isEqualTo("stale");
    ticker.advance(Duration.ofSeconds(10));
    connection.awaitGone();
    awaitFailures(subscription, 1);
    ticker.advance(DELAY);
    Connection next = two.next();
    assertThat(next.header("Last-Event-ID")).isEqualTo("10");
    assertThat(diary.isRead()).as("it stays stale until there is news").isTrue();
    next.accept().write(heartbeat(10));
    assertThat(diary.next()).isEqualTo("connected");
  }

  @Test
  void a_heartbeat_keeps_it_alive_and_one_without_a_position_does_not() throws Exception {
    follow("A");
    Connection connection = connected();
    ticker.advance(Duration.ofSeconds(14));
    connection.write(heartbeat(12) + stock("A", 4, 4, 13));
    assertThat(diary.next()).isEqualTo("A v4: 4");
    ticker.advance(Duration.ofSeconds(14));
    connection.write(": heartbeat\n\n");
    ticker.advance(Duration.ofSeconds(1));

    assertThat(diary.next()).isEqualTo("quiet");
  }

  @Test
  void a_server_that_does_not_answer_is_left() throws Exception {
    Subscription subscription = follow("A");
    Connection silent = one.next();
    ticker.advance(PATIENCE.answerAfter());
    silent.awaitGone();
    awaitFailures(subscription, 1);
    ticker.advance(DELAY);

    assertThat(two.next().path()).startsWith("/v1/stock/stream");
  }

  @Test
  void a_lost_connection_is_stale_in_the_end_too() throws Exception {
    follow("A");
    Connection connection = connected();
    one.close();
    two.close();
    connection.close();
    assertThat(diary.next()).isEqualTo("reconnecting");
    ticker.advance(Duration.ofSeconds(20));

    assertThat(diary.next()).isEqualTo("stale");
  }

  // What cannot be

  @Test
  void a_resync_has_everything_told_anew() throws Exception {
    Subscription subscription = follow("A");
    Connection connection = connected();
    connection.write(resync("too-old"));
    assertThat(diary.next(2)).containsExactlyInAnyOrder("reconnecting", "resynced: too-old");
    connection.write(snapshot("A", 2, 9, 4) + heartbeat(4));
    assertThat(diary.next(2)).containsExactly("A v2: 9", "connected");
    assertThat(subscription.statistics().resyncs()).isEqualTo(1);
    connection.write(resync("too-slow"));
    connection.close();
    awaitState("resynced: too-slow");
    awaitFailures(subscription, 1);
    ticker.advance(DELAY);

    assertThat(two.next().header("Last-Event-ID")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          position_went_back | id: 9\\nevent: stock\\ndata: {4@11}\\n\\n
          position_went_back | id: 0\\nevent: snapshot\\ndata: {4@11}\\n\\n
          position_went_back | : heartbeat\\nid: 9\\n\\n
          version_went_back  | id: 11\\nevent: stock\\ndata: {2@11}\\n\\n
          contradiction      | event: stock\\ndata: {4@9}\\n\\n
          contradiction      | id: 12\\nevent: stock\\ndata: {4@11}\\n\\n
          unreadable         | id: 11\\nevent: stock\\ndata: {"sku":"A"}\\n\\n
          unreadable         | id: 11\\nevent: stock\\ndata: garbage\\n\\n
          unreadable         | id: x\\nevent: stock\\ndata: {4@11}\\n\\n
          unreadable         | id: -1\\n\\n
          unreadable         | id: 11\\nevent: unknown\\ndata: {"sku":"Z","location":"MAIN"}\\n\\n
          unreadable         | id: 11\\nevent: unknown\\ndata: {"sku":"A","location":"ELSE"}\\n\\n
          unreadable         | event: resync\\ndata: {}\\n\\n
          """)
  void what_cannot_be_is_told_and_everything_is_taken_anew(String gap, String text)
      throws Exception {
    Subscription subscription = follow("A");
    Connection connection = connected();
    connection.write(
        text.replace("\\n", "\n")
            .replace("{4@11}", json("A", 4, 1, 11))
            .replace("{4@9}", json("A", 4, 1, 9))
            .replace("{2@11}", json("A", 2, 1, 11)));
    assertThat(diary.next(3))
        .containsSubsequence("gap: " + gap, "resynced: gap")
        .contains("reconnecting");
    connection.awaitGone();
    awaitFailures(subscription, 1);
    ticker.advance(DELAY);
    Connection next = two.next();
    assertThat(next.header("Last-Event-ID")).isEmpty();
    next.accept().write(snapshot("A", 3, 5, 10) + heartbeat(10));

    assertThat(diary.next(2)).containsExactly("A v3: 5", "connected");
    assertThat(subscription.statistics().gaps()).isEqualTo(1);
    assertThat(subscription.statistics().told()).as("nothing of it was told").isEqualTo(2);
  }

  @Test
  void an_endless_event_fills_no_memory() throws Exception {
    follow("A");
    Connection connection = connected();
    String piece = "x".repeat(10_000);
    assertThatThrownBy(
            () -> {
              connection.write("data: ");
              while (true) {
                connection.write(piece);
              }
            })
        .hasMessageMatching("(?i).*(pipe|reset).*");

    assertThat(diary.next(3)).contains("gap: unreadable", "resynced: gap");
  }

  @Test
  void a_node_that_is_behind_the_one_before_makes_no_version_go_back() throws Exception {
    Subscription subscription = follow("A");
    connected().close();
    assertThat(diary.next()).isEqualTo("reconnecting");
    ticker.advance(DELAY);
    two.next().accept().write(stock("A", 2, 7, 11) + stock("A", 3, 5, 12) + stock("A", 4, 4, 13));

    assertThat(diary.next(2)).contains("connected").doesNotContain("A v2: 7");
    awaitTold(subscription, 4);
    assertThat(subscription.statistics().gaps()).isZero();
    assertThat(subscription.statistics().late()).isEqualTo(1);
  }

  /** Waits until the listener was told of {@code version}. */
  private void awaitTold(Subscription subscription, long version) throws InterruptedException {
    while (subscription.statistics().position() < 13 || !diary.isRead()) {
      if (diary.next().startsWith("A v" + version)) {
        return;
      }
    }
  }

  @Test
  void a_connection_that_ends_before_a_position_is_known_is_begun_anew() throws Exception {
    Subscription subscription = follow("A");
    one.next().accept().write(snapshot("A", 3, 5, 10)).close();
    assertThat(diary.next()).isEqualTo("A v3: 5");
    awaitFailures(subscription, 1);
    ticker.advance(DELAY);
    Connection next = two.next();
    assertThat(next.header("Last-Event-ID")).isEmpty();
    next.accept().write(snapshot("A", 2, 6, 9) + heartbeat(9));

    assertThat(diary.next(3)).containsExactly("resynced: no-position", "A v2: 6", "connected");
  }

  // The end

  @Test
  void closing_ends_the_connection_and_is_told_last() throws Exception {
    Subscription subscription = follow("A");
    Connection connection = connected();
    subscription.close();
    assertThat(diary.next()).isEqualTo("closed");
    assertThat(connection.awaitGone()).isEmpty();
    assertThat(subscription.state()).isEqualTo(Subscription.State.CLOSED);
  }

  @Test
  void closing_the_client_closes_its_subscriptions_and_waits_for_them() throws Exception {
    Subscription first = follow("A");
    connected();
    Subscription second = client.follow(List.of("B"), new Diary());
    client.close();

    assertThat(List.of(first.state(), second.state())).containsOnly(Subscription.State.CLOSED);
    assertThatThrownBy(() -> follow("A")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_listener_may_close_its_own_subscription() throws Exception {
    BlockingQueue<Subscription> own = new ArrayBlockingQueue<>(1);
    Diary states = new Diary();
    own.add(
        client.follow(
            List.of("A"),
            new StockListener() {
              @Override
              public void level(StockLevel level) {
                own.remove().close();
              }

              @Override
              public void state(Subscription.State state) {
                states.state(state);
              }
            }));
    one.next().accept().write(snapshot("A", 3, 5, 10));

    assertThat(states.next()).isEqualTo("closed");
  }

  @Test
  void what_makes_no_sense_is_refused_at_once() {
    assertThatThrownBy(() -> StockClient.to(new URI[0]).close())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> follow()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Patience.forHeartbeat(Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PATIENCE.withDelays(DELAY, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
