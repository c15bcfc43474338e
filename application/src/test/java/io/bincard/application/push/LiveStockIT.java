package io.bincard.application.push;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RawHttp;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.push.EventClient.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveStockIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST_OF_ONE = 100;

  private final RunningBincard bincard = RunningBincard.shared();

  private static void register(RunningBincard node, String sku, int units) throws Exception {
    node.post(
        "/v1/stock-items",
        "live-" + sku,
        "{\"sku\":\"" + sku + "\",\"openingQuantity\":" + units + "}");
  }

  private static long deduct(RunningBincard node, String sku, String key) throws Exception {
    String answer =
        node.post("/v1/stock/" + sku + "/deductions", key, "{\"quantity\":1,\"orderId\":\"o\"}")
            .body();
    return Long.parseLong(answer.replaceAll(".*\"position\":(\\d+).*", "$1"));
  }

  private static double metric(RunningBincard node, String name) {
    try {
      return node.get("/actuator/prometheus")
          .body()
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .sum();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_client_is_told_what_there_is_and_then_what_changes() throws Exception {
    register(bincard, "LIVE-1", 10);
    try (EventClient client = EventClient.connect(bincard.uri(""), "skus=LIVE-1,LIVE-NONE")) {
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.head().header("Content-Type")).startsWith("text/event-stream");
      assertThat(client.head().header("Cache-Control")).isEqualTo("no-store");
      Event snapshot = client.nextEvent();
      assertThat(snapshot.type()).isEqualTo("snapshot");
      assertThat(snapshot.data())
          .startsWith("{\"sku\":\"LIVE-1\",\"location\":\"MAIN\",\"onHand\":10,");
      assertThat(client.nextEvent())
          .isEqualTo(new Event("0", "unknown", "{\"sku\":\"LIVE-NONE\",\"location\":\"MAIN\"}"));
      assertThat(client.next().isHeartbeat()).isTrue();

      long sold = deduct(bincard, "LIVE-1", "live-1-sold");
      Event change = client.nextEvent();
      assertThat(change.type()).isEqualTo("stock");
      assertThat(change.id()).isEqualTo(Long.toString(sold));
      assertThat(change.number("onHand")).isEqualTo(9);
      assertThat(change.number("version")).isEqualTo(1);

      register(bincard, "LIVE-NONE", 3);
      assertThat(client.nextEvent().data()).contains("\"sku\":\"LIVE-NONE\"", "\"onHand\":3,");
    }
  }

  @Test
  void what_is_pushed_has_the_members_of_what_is_answered() throws Exception {
    register(bincard, "LIVE-2", 10);
    try (EventClient client = EventClient.connect(bincard.uri(""), "skus=LIVE-2&location=MAIN")) {
      String pushed = client.nextEvent().data();
      String answered = bincard.get("/v1/stock/LIVE-2").body();

      assertThat(pushed.replaceAll(":[^,}]+", "")).isEqualTo(answered.replaceAll(":[^,}]+", ""));
    }
  }

  @Test
  void who_comes_back_is_told_of_what_changed_meanwhile_and_of_nothing_else() throws Exception {
    register(bincard, "LIVE-3", 10);
    register(bincard, "LIVE-4", 10);
    String last;
    try (EventClient client = EventClient.connect(bincard.uri(""), "skus=LIVE-3,LIVE-4")) {
      client.nextEvent();
      client.nextEvent();
      assertThat(client.next().isHeartbeat()).isTrue();
      last = client.lastEventId();
    }
    long sold = deduct(bincard, "LIVE-4", "live-4-sold");
    for (String[] way :
        new String[][] {
          {"skus=LIVE-3,LIVE-4", "Last-Event-ID: " + last},
          {"skus=LIVE-3,LIVE-4&lastEventId=" + last, "X-None: 1"},
          {"skus=LIVE-3,LIVE-4&lastEventId=1", "Last-Event-ID: " + last}
        }) {
      try (EventClient client = EventClient.connect(bincard.uri(""), way[0], way[1])) {
        Event change = client.nextEvent();
        assertThat(change.type()).isEqualTo("stock");
        assertThat(change.data()).contains("\"sku\":\"LIVE-4\"", "\"onHand\":9,");
        assertThat(change.id()).isEqualTo(Long.toString(sold));
      }
    }
  }

  @Test
  void a_position_that_the_ledger_never_had_leads_to_a_resync() throws Exception {
    register(bincard, "LIVE-5", 10);
    try (EventClient client =
        EventClient.connect(bincard.uri(""), "skus=LIVE-5", "Last-Event-ID: 999999999999")) {
      assertThat(client.nextEvent())
          .isEqualTo(new Event("0", "resync", "{\"reason\":\"unknown-position\"}"));
      assertThat(client.nextEvent().type()).isEqualTo("snapshot");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "skus=A%40B, 400, invalid-value",
    "skus=, 400, invalid-value",
    "location=MAIN, 400, missing-parameter",
    "skus=A&lastEventId=-1, 400, invalid-value",
    "skus=A&lastEventId=x, 400, invalid-value",
    "skus=A&lastEventId=1234567890123456789, 400, invalid-value",
  })
  void what_makes_no_sense_is_refused(String query, int status, String problem) throws Exception {
    double before = metric(bincard, "bincard_push_connections");
    var answer = bincard.get("/v1/stock/stream?" + query);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("/problems/" + problem);
    assertThat(metric(bincard, "bincard_push_connections")).isEqualTo(before);
  }

  @Test
  void no_connection_watches_more_than_its_limit() throws Exception {
    String skus = IntStream.range(0, 201).mapToObj(i -> "S" + i).collect(Collectors.joining(","));

    assertThat(bincard.get("/v1/stock/stream?skus=" + skus).body())
        .contains("/problems/too-many-skus", "\"limit\":200");
  }

  @Test
  void one_client_has_so_many_connections_and_another_when_one_is_closed() throws Exception {
    register(bincard, "LIVE-6", 10);
    awaitConnections(bincard, 0);
    List<EventClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < MOST_OF_ONE; i++) {
        clients.add(EventClient.connect(bincard.uri(""), "skus=LIVE-6"));
        assertThat(clients.getLast().nextEvent().type()).isEqualTo("snapshot");
      }
      var refused = bincard.get("/v1/stock/stream?skus=LIVE-6");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("/problems/too-many-streams", "\"limit\":100");
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");

      clients.removeLast().http().cut();
      awaitConnections(bincard, MOST_OF_ONE - 1);
      clients.add(EventClient.connect(bincard.uri(""), "skus=LIVE-6"));
      assertThat(clients.getLast().head().status()).isEqualTo(200);
    } finally {
      for (EventClient client : clients) {
        client.close();
      }
    }
    awaitConnections(bincard, 0);
  }

  private static void awaitConnections(RunningBincard node, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(metric(node, "bincard_push_connections")).isEqualTo(count));
  }

  @Test
  void a_client_that_talks_is_not_listened_to_and_one_that_floods_is_closed() throws Exception {
    register(bincard, "LIVE-7", 10);
    try (EventClient client = EventClient.connect(bincard.uri(""), "skus=LIVE-7")) {
      client.nextEvent();
      client.http().send("GET / HTTP/1.1\r\n\r\n\0\0\0".getBytes(ISO_8859_1));
      deduct(bincard, "LIVE-7", "live-7-sold");
      assertThat(client.nextEvent().number("onHand")).isEqualTo(9);
      double before = metric(bincard, "bincard_push_connections");
      try {
        client.http().send(new byte[1_000_000]);
      } catch (IOException closedBefore) {
        assertThat(closedBefore).isNotNull();
      }
      await().atMost(PATIENCE).until(() -> metric(bincard, "bincard_push_connections") < before);
    }
  }

  @Test
  void a_head_request_opens_nothing() throws Exception {
    try (RawHttp http = RawHttp.connect(bincard.uri(""))) {
      http.send(
          "HEAD /v1/stock/stream?skus=A HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
      assertThat(http.replyHead().status()).isEqualTo(200);
    }
  }

  private static final int ITEMS = 200;

  private static @Nullable RunningBincard impatient;

  /** A node that soon has enough of who does not read, or says nothing. */
  private static RunningBincard impatient() {
    if (impatient == null) {
      impatient =
          RunningBincard.withOwnLedger(
              "bincard.push.flush-interval=1ms",
              "bincard.push.slow-after=200ms",
              "bincard.push.stalled-after=400ms",
              "bincard.push.cut-after=2s",
              "bincard.push.heartbeat=1500ms");
    }
    return impatient;
  }

  @AfterAll
  static void stop() {
    if (impatient != null) {
      impatient.close();
    }
  }

  @Test
  void clients_that_stop_reading_are_cut_and_delay_nobody() throws Exception {
    RunningBincard node = impatient();
    node.batch(
        "continue",
        IntStream.range(0, ITEMS)
            .mapToObj(
                i ->
                    "{\"key\":\"r%d\",\"type\":\"register-stock-item\",\"sku\":\"S%d\",\"openingQuantity\":1000000}"
                        .formatted(i, i))
            .collect(Collectors.joining("\n")));
    String skus = IntStream.range(0, ITEMS).mapToObj(i -> "S" + i).collect(Collectors.joining(","));
    try (Socket deaf = new Socket();
        RawSocket talking = new RawSocket(node.uri(""));
        EventClient client = EventClient.connect(node.uri(""), "skus=S0,S199")) {
      deaf.setReceiveBufferSize(4_096);
      URI address = node.uri("");
      deaf.connect(
          new InetSocketAddress(InetAddress.ofLiteral(address.getHost()), address.getPort()));
      deaf.getOutputStream()
          .write(
              ("GET /v1/stock/stream?skus=" + skus + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .getBytes(ISO_8859_1));
      talking.say("{\"type\":\"subscribe\",\"skus\":[\"" + skus.replace(",", "\",\"") + "\"]}");
      client.nextEvent();
      client.nextEvent();
      long onHand = 1_000_000;
      for (int round = 0; ends(node, "too-slow") < 2 && round < 200; round++) {
        int at = round;
        talking.sayUnlessCut("{\"type\":\"ping\",\"id\":" + round + "}"); // answers wait, too
        node.batch(
            "continue",
            IntStream.range(0, 5 * ITEMS)
                .mapToObj(
                    i ->
                        "{\"key\":\"%d-%d\",\"type\":\"deduct-stock\",\"sku\":\"S%d\",\"quantity\":1,\"orderId\":\"o\"}"
                            .formatted(at, i, i % ITEMS))
                .collect(Collectors.joining("\n")));
        onHand -= 5;
        while (!isLast(client.nextEvent(), onHand)) {
          // values in between, of which there may be any number
        }
      }

      assertThat(ends(node, "too-slow")).isEqualTo(2);
      assertThat(metric(node, "bincard_push_stalls_total")).isEqualTo(2);
      awaitConnections(node, 1);
      while (deaf.getInputStream().read() >= 0) {
        // what was on its way, and then the end
      }
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
    awaitConnections(node, 0);
  }

  private static double ends(RunningBincard node, String reason) {
    return metric(node, "bincard_push_ends_total{reason=\"" + reason + "\"}");
  }

  private static boolean isLast(Event event, long onHand) {
    return event.number("onHand") == onHand && event.data().contains("\"S199\"");
  }

  // Sockets

  private static final class Talk implements WebSocket.Listener, AutoCloseable {

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private @Nullable WebSocket socket;

    static Talk open(RunningBincard node, String... originOrNone) {
      Talk talk = new Talk();
      WebSocket.Builder builder = node.http().newWebSocketBuilder();
      for (String origin : originOrNone) {
        builder.header("Origin", origin);
      }
      talk.socket =
          builder
              .buildAsync(
                  URI.create(node.uri("/v1/stock/socket").toString().replaceFirst("^http", "ws")),
                  talk)
              .join();
      return talk;
    }

    void say(String message) {
      Objects.requireNonNull(socket).sendText(message, true).join();
    }

    String next() throws InterruptedException {
      return Objects.requireNonNull(told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
      part.append(data);
      if (isLast) {
        told.add(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public void close() {
      Objects.requireNonNull(socket).abort();
    }
  }

  @Test
  void a_socket_tells_the_same_of_items_that_come_and_go() throws Exception {
    register(bincard, "LIVE-8", 10);
    register(bincard, "LIVE-9", 20);
    try (Talk talk = Talk.open(bincard)) {
      talk.say("{\"type\":\"subscribe\",\"skus\":[\"LIVE-8\",\"LIVE-NO\"]}");
      assertThat(talk.next())
          .startsWith("{\"type\":\"snapshot\",\"item\":{\"sku\":\"LIVE-8\",\"location\":\"MAIN\",");
      assertThat(talk.next())
          .isEqualTo("{\"type\":\"unknown\",\"sku\":\"LIVE-NO\",\"location\":\"MAIN\"}");
      assertThat(talk.next()).startsWith("{\"type\":\"heartbeat\",\"position\":");
      long sold = deduct(bincard, "LIVE-8", "live-8-sold");
      assertThat(talk.next())
          .startsWith("{\"type\":\"stock\",\"position\":" + sold + ",\"item\":{\"sku\":\"LIVE-8\"")
          .contains("\"onHand\":9,");

      talk.say("{\"type\":\"subscribe\",\"skus\":[\"LIVE-9\"]}");
      assertThat(talk.next()).contains("\"type\":\"snapshot\"", "\"LIVE-9\"");
      assertThat(talk.next()).contains("\"type\":\"heartbeat\"");
      talk.say("{\"type\":\"unsubscribe\",\"skus\":[\"LIVE-8\"]}");
      talk.say("{\"type\":\"ping\",\"id\":\"done\"}");
      assertThat(talk.next()).contains("\"type\":\"pong\"", "\"id\":\"done\"");
      deduct(bincard, "LIVE-8", "live-8-unseen");
      deduct(bincard, "LIVE-9", "live-9-seen");
      assertThat(talk.next()).contains("\"type\":\"stock\"", "\"LIVE-9\"", "\"onHand\":19,");
    }
    try (Talk talk = Talk.open(bincard)) {
      long position = deduct(bincard, "LIVE-8", "live-8-between");
      talk.say(
          "{\"type\":\"subscribe\",\"skus\":[\"LIVE-8\",\"LIVE-9\"],\"lastPosition\":"
              + (position - 1)
              + "}");
      assertThat(talk.next()).contains("\"type\":\"stock\"", "\"LIVE-8\"", "\"onHand\":7,");
    }
  }

  @Test
  void a_socket_refuses_what_it_does_not_know_in_words() throws Exception {
    try (Talk talk = Talk.open(bincard)) {
      talk.say("{\"type\":\"subscribe\",\"skus\":[\"A\"],\"skus\":[\"B\"]}");
      assertThat(talk.next()).contains("\"type\":\"error\"", "without repeated members");
      talk.say("{\"type\":\"subscribe\",\"skus\":[\"A\"],\"more\":1}");
      assertThat(talk.next()).contains("\"type\":\"error\"");
    }
  }

  @Test
  void a_socket_that_goes_on_saying_what_is_not_known_is_closed() throws Exception {
    try (RawSocket stubborn = new RawSocket(bincard.uri(""))) {
      for (int refused = 1; refused <= 10; refused++) {
        stubborn.say("nonsense");
        assertThat(stubborn.next().text()).contains("\"type\":\"error\"");
      }
      stubborn.say("nonsense");
      assertThat(stubborn.next().kind()).isEqualTo(RawSocket.CLOSE);
    }
  }

  @Test
  void a_page_of_another_origin_gets_no_socket() {
    String own = bincard.uri("").toString();
    try (Talk talk = Talk.open(bincard, own)) {
      assertThat(talk).isNotNull();
    }
    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                CompletionException.class, () -> Talk.open(bincard, "http://evil.example")))
        .hasCauseInstanceOf(WebSocketHandshakeException.class)
        .extracting(
            failure ->
                ((WebSocketHandshakeException) Objects.requireNonNull(failure.getCause()))
                    .getResponse()
                    .statusCode())
        .isEqualTo(403);
  }

  @Test
  void a_socket_whose_client_is_silent_is_asked_and_then_told_to_drop_all_and_cut()
      throws Exception {
    RunningBincard node = impatient();
    double before = ends(node, "silent");
    try (RawSocket silent = new RawSocket(node.uri(""))) {
      silent.say("{\"type\":\"subscribe\",\"skus\":[\"NONE\"]}");
      List<RawSocket.Frame> frames = new ArrayList<>();
      RawSocket.Frame next = silent.next();
      while (next.kind() == RawSocket.TEXT || next.kind() == RawSocket.PING) {
        frames.add(next);
        next = silent.next();
      }

      assertThat(frames).contains(new RawSocket.Frame(RawSocket.PING, ""));
      assertThat(frames)
          .endsWith(
              new RawSocket.Frame(RawSocket.TEXT, "{\"type\":\"resync\",\"reason\":\"too-slow\"}"));
      assertThat(ends(node, "silent")).isEqualTo(before + 1);
    }
    awaitConnections(node, 0);
  }
}
