package io.bincard.application.api;

import static io.bincard.application.fixture.RunningBincard.dataSourceOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RawHttp;
import io.bincard.application.fixture.RawHttp.Reply;
import io.bincard.application.fixture.RawRequest;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.history.History;
import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.policy.PolicyFile;
import io.bincard.application.policy.PolicyReader;
import io.bincard.application.policy.PolicyReading;
import io.bincard.application.problems.ProblemType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Commands that were good until something happened to them on the way. Whatever comes is done,
 * refused by a rule, or not taken; and the ledger holds what was said to be done and no more.
 *
 * <p>The seed is in the message of a failure; {@code -Dbincard.seed=<number>} sends the same again.
 */
class CommandFuzzIT {

  private static final int REQUESTS = 1_500;
  private static final int ITEMS = 6;
  private static final int ORDERS = 40;
  private static final int VERSIONS = 4;
  private static final String QUOTES = "/v1/quotes";
  private static final int MAX_LINES = 12;
  private static final int MAX_CHANGES = 3;
  private static final int ENOUGH = 50;
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Map<String, ProblemType> PROBLEMS =
      Arrays.stream(ProblemType.values()).collect(Collectors.toMap(ProblemType::uri, type -> type));

  private static final List<String> VALUES =
      List.of(
          "0",
          "-0",
          "-1",
          "1",
          "01",
          "1.5",
          "1e3",
          "1e400",
          "9007199254740991",
          "9007199254740992",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "9".repeat(40),
          "NaN",
          "null",
          "true",
          "[]",
          "{}",
          "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]",
          "{\"a\":1}",
          "\"\"",
          "\"1\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\u202e\"",
          "\"é\"",
          "\"😀\"",
          "\"A\\nB\"",
          "\"" + "x".repeat(300) + "\"",
          "\"MAIN\"",
          "'x'");

  private static final List<String> MEMBERS =
      List.of(
          "\"quantity\":1",
          "\"sku\":\"FUZZ-1\"",
          "\"key\":\"fuzz-1\"",
          "\"location\":\"MAIN\"",
          "\"type\":\"deduct-stock\"",
          "\"orderId\":null",
          "\"orderId\":\"fuzz-1\"",
          "\"releaseStage\":\"canary\"",
          "\"onExhausted\":\"skip\"",
          "\"ttlSeconds\":1",
          "\"hold\":\"0198f2f0-0000-8000-8000-00000000000a\"",
          "\"locations\":[\"MAIN\",\"MAIN\"]",
          "\"at\":\"+999999999-12-31T23:59:59-18:00\"",
          "\"content\":\"{}\"",
          "\"\\u0071uantity\":2",
          "\"\":0");

  private static final List<String> PIECES =
      List.of(
          "\u0000",
          "\u0007",
          "\u001b[31m",
          "\t",
          " ",
          "\n",
          "\r\n",
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "é",
          "😀",
          "\u2028",
          "\uFEFF",
          "//",
          "/*",
          "%",
          "$",
          "'",
          "*",
          "\\u12",
          "-",
          "0");

  private static final List<String> IN_A_PATH =
      List.of(
          "%00",
          "%0a",
          "%2F",
          "%5C",
          "%25",
          "%zz",
          "%",
          "%C3%A9",
          "%FF",
          "%3B",
          ";x=1",
          "//",
          "/..",
          "/.",
          "..",
          "?",
          "?x=1",
          "?location=*",
          "?onError=stop",
          "&onError=atomic",
          "#",
          "\u0001",
          "é",
          "\"",
          "{",
          "|",
          "+",
          "*",
          "@MAIN",
          "A".repeat(200));

  private static final List<String> HEADERS =
      List.of(
          "If-Match: \"3\"",
          "If-Match: \"0\"",
          "If-Match: *",
          "If-Match: W/\"1\"",
          "If-Match: ",
          "If-Match: \"99999999999999999999\"",
          "X-Release-Stage: stable",
          "X-Release-Stage: canary",
          "X-Release-Stage: beta",
          "X-Release-Stage: \u0001",
          "Accept: */*",
          "Accept: text/html",
          "Accept: ,,;q=2",
          "Content-Encoding: gzip",
          "Content-Encoding: identity",
          "Content-Encoding: br",
          "Idempotency-Key: fuzz-1",
          "Idempotency-Key: é",
          "Idempotency-Key: " + "k".repeat(200),
          "traceparent: 00-0-0-00",
          "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "Content-Type: text/plain",
          "Content-Type: application/json; charset=utf-16",
          "Content-Type: ;",
          "Range: bytes=0-1",
          "If-None-Match: *",
          "Cookie: \"=;=\\",
          "X: \u00ff",
          "Authorization: Basic ***",
          "Forwarded: for=\"",
          "Bad Name: x",
          "Origin: null",
          "X-HTTP-Method-Override: DELETE",
          "Upgrade: websocket",
          "TE: trailers",
          "no colon");

  private static final List<String> METHODS =
      List.of("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", "PO(ST");

  private static RunningBincard bincard;

  private final long seed = seed();
  private final Random random = new Random(seed);
  private final List<Sent> sent = new ArrayList<>();
  private final Map<Told, Integer> count = new EnumMap<>(Told.class);
  private final List<Done> done = new ArrayList<>();
  private final List<String> holds = new ArrayList<>();
  private int keys;

  private enum Told {
    DONE,
    REFUSED,
    TOLD_AGAIN,
    NOT_TAKEN
  }

  /** A request; {@code lines} of a batch, else 0. */
  @SuppressWarnings("ArrayRecordComponent") // sent, never compared
  private record Sent(byte[] request, long lines) {}

  /**
   * What a command moved, as it was told or as it is journaled.
   *
   * @param position of the last event
   * @param versions of streams behind it
   */
  private record Done(String key, long position, Map<String, Long> versions) {}

  private static long seed() {
    String given = System.getProperty("bincard.seed");
    return given == null ? new Random().nextLong() : Long.parseLong(given);
  }

  @BeforeAll
  static void start() {
    bincard = RunningBincard.withOwnLedger(); // policies are a whole ledger's
  }

  @AfterAll
  static void stop() {
    bincard.close();
  }

  @Test
  void whatever_comes_is_answered_and_the_ledger_holds_what_was_said() throws Exception {
    for (int i = 0; i < ITEMS; i++) {
      bincard.post(
          "/v1/stock-items",
          "fuzz-open-" + i,
          "{\"sku\":\"FUZZ-" + i + "\",\"openingQuantity\":1000}");
    }
    bincard.send("PUT", "/v1/policies/in-force", "fuzz-policy", "{" + policy(1, true) + "}");
    LedgerSize before = LedgerSize.of(bincard);

    for (int i = 0; i < REQUESTS; i++) {
      Sent next = !sent.isEmpty() && chance(10) ? any(sent) : chance(25) ? batch() : single();
      sent.add(next);
      try {
        check(next, RawHttp.exchange(bincard.uri("/"), next.request()));
      } catch (IOException | RuntimeException | AssertionError e) {
        String request = new String(next.request(), ISO_8859_1);
        throw new AssertionError("seed %d, request %d:%n%s".formatted(seed, i, request), e);
      }
    }

    assertThat(Told.values())
        .as("seed %d is void: %s", seed, count)
        .allMatch(told -> count(told) > ENOUGH);
    assertMoved(journaledAfter(before.position()));
    assertThat(LedgerSize.of(bincard).receipts() - before.receipts())
        .as("seed %d: receipts", seed)
        .isEqualTo(count(Told.DONE) + count(Told.REFUSED));
    assertThat(History.faultsIn(dataSourceOf(bincard.property("bincard.ledger"))))
        .as("seed %d: the books", seed)
        .isEmpty();
    for (String stream : List.of("campaign:fuzz", "hold:%")) {
      assertThat(eventsOf(stream)).as("seed %d is void: %s", seed, stream).isGreaterThan(ENOUGH);
    }
  }

  /** By key, in the order of the journal. */
  private static Map<String, Done> journaledAfter(long position) {
    Map<String, Done> journaled = new LinkedHashMap<>();
    bincard
        .sql()
        .sql(
            """
            select metadata ->> 'key', position, stream, sequence
            from event_journal where position > ? and metadata ->> 'client' = 'default' order by position
            """)
        .param(position)
        .query(
            row -> {
              String key = row.getString(1);
              Map<String, Long> versions = new HashMap<>();
              Done sofar = journaled.get(key);
              if (sofar != null) {
                versions.putAll(sofar.versions());
              }
              versions.put(row.getString(3), row.getLong(4));
              journaled.put(key, new Done(key, row.getLong(2), versions));
            });
    return journaled;
  }

  /**
   * What was told to be done is what moved, in that order; a hold may be what it is to be already,
   * and so may what is said of a SKU.
   */
  private void assertMoved(Map<String, Done> journaled) {
    List<Done> moved = done.stream().filter(each -> journaled.containsKey(each.key())).toList();
    assertThat(moved.stream().map(Done::key))
        .as("seed %d", seed)
        .containsExactlyElementsOf(journaled.keySet());
    assertThat(moved)
        .as("seed %d", seed)
        .allSatisfy(
            told -> {
              Done is = journaled.getOrDefault(told.key(), told);
              assertThat(is.position()).as(told.key()).isEqualTo(told.position());
              assertThat(is.versions()).as(told.key()).containsAllEntriesOf(told.versions());
            });
    assertThat(done)
        .as("seed %d", seed)
        .filteredOn(each -> !journaled.containsKey(each.key()))
        .allSatisfy(
            told -> assertThat(told.versions().keySet()).allMatch(s -> s.matches("(hold|sku):.*")));
  }

  private static long eventsOf(String stream) {
    return bincard
        .sql()
        .sql("select count(*) from event_journal where stream like ?")
        .param(stream)
        .query(Long.class)
        .single();
  }

  // What is sent

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** A command: how it is sent and where to, and its members there and in a line. */
  private record Command(String type, String method, String path, String members, String line) {}

  private Command command() {
    String sku = "FUZZ-" + random.nextInt(ITEMS);
    int units = 1 + random.nextInt(chance(5) ? 2_000 : 20);
    return switch (random.nextInt(52)) {
      case 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51 -> holdCommand();
      case 0 -> of("register-stock-item", "POST", "", sku + "-" + units, "\"openingQuantity\":1");
      case 1 -> of("freeze-stock-item", "PUT", "/freeze", sku, "\"reason\":\"näss 💧\"");
      case 2, 3, 4 ->
          of("unfreeze-stock-item", "DELETE", "/freeze?reason=dry", sku, "\"reason\":\"dry\"");
      case 5 -> of("set-stock-policy", "PUT", "/policy", sku, "\"safetyStock\":" + units);
      case 6 -> of("adjust-stock", "POST", "/adjustments", sku, "\"delta\":-1,\"reason\":\"x\"");
      case 7, 8 -> of("count-stock", "POST", "/counts", sku, "\"counted\":" + 50 * units);
      case 9, 10, 11 ->
          of("return-stock", "POST", "/returns", sku, "\"quantity\":1,\"orderId\":\"o\"");
      case 12, 13 -> of("receive-stock", "POST", "/receipts", sku, "\"quantity\":" + units);
      case 14, 15, 16, 17, 18, 19 ->
          of(
              "deduct-stock",
              "POST",
              "/deductions",
              sku,
              "\"quantity\":" + units + ",\"orderId\":\"o\"");
      default -> discountCommand();
    };
  }

  private static Command of(String type, String method, String end, String sku, String members) {
    String line = "\"sku\":\"" + sku + "\"," + members;
    return end.isEmpty()
        ? new Command(type, method, "/v1/stock-items", line, line)
        : new Command(type, method, "/v1/stock/" + sku + end, members, line);
  }

  private Command holdCommand() {
    String hold = holds.isEmpty() || chance(5) ? new UUID(0, keys).toString() : any(holds);
    String inLine = "\"hold\":\"" + hold + "\"";
    String path = "/v1/holds/" + hold;
    String part = "\"lines\":[{\"sku\":\"FUZZ-" + random.nextInt(ITEMS) + "\",\"quantity\":1}]";
    return switch (random.nextInt(10)) {
      case 0 -> step("release-hold", "DELETE", path, "", inLine);
      case 1 -> step("extend-hold", "POST", path + "/extension", "\"ttlSeconds\":60", inLine);
      case 2 -> step("confirm-hold", "POST", path + "/confirmation", part, inLine);
      case 3 ->
          step("confirm-hold", "POST", path + "/confirmation", part + ",\"rest\":\"keep\"", inLine);
      case 4 -> step("confirm-hold", "POST", path + "/confirmation", "", inLine);
      case 5 -> command("deduct-order", "POST", "/v1/deductions", ORDER + part);
      default ->
          command(
              "place-hold",
              "POST",
              "/v1/holds",
              ORDER + (chance(70) ? cart() : part) + ",\"ttlSeconds\":" + (chance(20) ? 1 : 600));
    };
  }

  private static final String ORDER = "\"orderId\":\"fuzz-order\",";

  private static Command step(
      String type, String method, String path, String members, String hold) {
    return new Command(
        type, method, path, members, members.isEmpty() ? hold : hold + "," + members);
  }

  private Command discountCommand() {
    String order = "fuzz-" + random.nextInt(ORDERS);
    return switch (random.nextInt(12)) {
      case 0, 1, 2 ->
          new Command(
              "revoke-discount",
              "DELETE",
              "/v1/discounts/" + order,
              "",
              "\"orderId\":\"" + order + "\"");
      case 3 -> command("stage-policy", "PUT", "/v1/policies/staged", policy());
      case 4 -> command("unstage-policy", "DELETE", "/v1/policies/staged", "");
      case 5 -> command("activate-policy", "PUT", "/v1/policies/in-force", policy());
      case 6 -> {
        String sku = "FUZZ-" + random.nextInt(ITEMS);
        String name = "\"name\":\"Mug " + random.nextInt(3) + "\"";
        yield new Command(
            "describe-sku", "PUT", "/v1/skus/" + sku, name, "\"sku\":\"" + sku + "\"," + name);
      }
      default ->
          command(
              "apply-discount", "POST", "/v1/discounts", "\"orderId\":\"" + order + "\"," + cart());
    };
  }

  private static Command command(String type, String method, String path, String members) {
    return new Command(type, method, path, members, members);
  }

  private String cart() {
    String lines =
        IntStream.rangeClosed(0, random.nextInt(3))
            .mapToObj(
                i ->
                    "{\"sku\":\"FUZZ-%d\",\"quantity\":%d,\"unitPrice\":{\"amount\":%d,\"currency\":\"%s\"}}"
                        .formatted(
                            random.nextInt(ITEMS),
                            1 + random.nextInt(9),
                            random.nextInt(500),
                            chance(2) ? "EUR" : "GBP"))
            .collect(Collectors.joining(",", "\"lines\":[", "]"));
    return lines
        + (chance(60) ? ",\"customer\":\"c" + random.nextInt(5) + "\"" : "")
        + (chance(10) ? ",\"coupons\":[\"SPRING\"]" : "")
        + (chance(30) ? ",\"onExhausted\":\"skip\"" : "")
        + (chance(20) ? ",\"releaseStage\":\"canary\"" : "");
  }

  /** The members that name one of a few versions, with its content or without. */
  private String policy() {
    return policy(1 + random.nextInt(VERSIONS), chance(70));
  }

  private static String policy(int tens, boolean whole) {
    String toml =
        """
        currency = "GBP"

        [[campaign]]
        id = "fuzz"
        budget = "60.00 GBP"
        uses = 20
        uses-per-customer = 6

        [[rule]]
        id = "all"
        percent-off = %d
        campaign = "fuzz"
        on = { skus = ["FUZZ-0", "FUZZ-1", "FUZZ-2", "FUZZ-3"] }
        """
            .formatted(10 * tens);
    PolicyReading reading = PolicyReader.read(List.of(new PolicyFile("fuzz.toml", 0, toml)));
    CanonicalPolicy policy = CanonicalPolicy.of(((PolicyReading.Read) reading).policy());
    return "\"fingerprint\":\""
        + policy.fingerprint()
        + "\""
        + (whole ? ",\"content\":" + JSON.writeValueAsString(policy.json()) : "");
  }

  private String key() {
    return "fuzz-" + (keys > 0 && chance(5) ? random.nextInt(keys) : keys++);
  }

  private Sent single() {
    Command command = chance(5) ? command("", "POST", QUOTES, cart()) : command();
    int changes = changes();
    RawRequest request =
        RawRequest.of(
                changes > 0 && chance(10) ? any(METHODS) : command.method(),
                changes > 0 && chance(25)
                    ? inserted(command.path(), any(IN_A_PATH))
                    : command.path())
            .header("Idempotency-Key", key());
    if (!command.method().equals("DELETE")) {
      request
          .header("Content-Type", "application/json")
          .bytes(changed("{" + command.members() + "}", changes));
    }
    return new Sent(withHeaders(request, changes).toBytes(), 0);
  }

  private Sent batch() {
    int changes = changes();
    StringBuilder lines = new StringBuilder();
    for (int left = random.nextInt(MAX_LINES); left >= 0; left--) {
      Command command = command();
      lines
          .append(
              new String(
                  changed(
                      "{\"key\":\"%s\",\"type\":\"%s\"%s}"
                          .formatted(
                              key(),
                              command.type(),
                              command.line().isEmpty() ? "" : "," + command.line()),
                      chance(20) ? 1 : 0),
                  UTF_8))
          .append(chance(5) ? "\r\n" : chance(2) ? "\n\n" : "\n");
    }
    String policy =
        "?onError=" + (chance(3) ? "maybe" : any(List.of("continue", "stop", "atomic")));
    byte[] body = lines.toString().getBytes(UTF_8);
    boolean packed = chance(30);
    RawRequest request =
        RawRequest.of("POST", "/v1/commands" + policy)
            .header("Content-Type", "application/x-ndjson")
            .bytes(packed ? Zipped.gzip(body) : body);
    return new Sent(
        withHeaders(packed ? request.header("Content-Encoding", "gzip") : request, changes)
            .toBytes(),
        lines.toString().split("\n", -1).length - 1);
  }

  private int changes() {
    return chance(50) ? 0 : 1 + random.nextInt(MAX_CHANGES);
  }

  private RawRequest withHeaders(RawRequest request, int changes) {
    RawRequest changed = request;
    if (changes > 0 && chance(30)) {
      String[] header = any(HEADERS).split(": ", 2);
      changed = changed.header(header[0], header.length > 1 ? header[1] : "");
    }
    return chance(10) ? changed.chunked() : changed;
  }

  private byte[] changed(String json, int times) {
    String text = json;
    for (int i = 0; i < times; i++) {
      text = any(changes).apply(text);
    }
    byte[] bytes = text.getBytes(UTF_8);
    if (times > 0 && bytes.length > 0 && chance(10)) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private final List<UnaryOperator<String>> changes =
      List.of(
          text -> text.substring(0, place(text)),
          text -> text.substring(place(text)),
          text -> inserted(text, any(PIECES)),
          text -> inserted(text, Character.toString(random.nextInt(0xD800))),
          text -> text.replaceFirst("\\{", "{" + quoted(any(MEMBERS)) + ","),
          this::withAnotherValue,
          this::withAnotherValue,
          text -> text + text,
          text -> text.replace(":", " :\t"),
          text -> {
            int place = place(text);
            return text.isEmpty() ? text : text.substring(0, place) + text.substring(place + 1);
          });

  private int place(String text) {
    return text.isEmpty() ? 0 : random.nextInt(text.length());
  }

  private String inserted(String text, String piece) {
    int place = place(text);
    return text.substring(0, place) + piece + text.substring(place);
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("$", "\\$");
  }

  private String withAnotherValue(String json) {
    List<String> members = new ArrayList<>(List.of(json.split(",", -1)));
    int one = random.nextInt(members.size());
    members.set(one, members.get(one).replaceFirst(":[^}]*", ":" + quoted(any(VALUES))));
    return String.join(",", members);
  }

  // What is answered

  private int count(Told told) {
    return count.getOrDefault(told, 0);
  }

  private void check(Sent sent, Reply reply) {
    boolean reads =
        sent.request()[0] == 'G' || new String(sent.request(), ISO_8859_1).contains(QUOTES);
    Leaks.assertNone(reply.body() + reply.headers());
    assertThat(reply.status()).as(reply.body()).isBetween(200, 499);
    if (reply.status() >= 300) {
      assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
      JsonNode problem = JSON.readTree(reply.body());
      boolean stored = isStored(problem) && !reads;
      assertThat(problem.path("status").asInt()).isEqualTo(reply.status());
      add(stored ? refused(isReplay(reply)) : Told.NOT_TAKEN);
    } else if (reply.header("Content-Type").equals(CommandBatchController.NDJSON)) {
      assertThat(reply.body().lines()).hasSize(Math.toIntExact(sent.lines()));
      reply.body().lines().forEach(line -> add(JSON.readTree(line)));
    } else if (reply.body().startsWith("{\"key\":") && !reads) {
      addDone(JSON.readTree(reply.body()), isReplay(reply));
    }
  }

  private static boolean isReplay(Reply reply) {
    return reply.header("Idempotency-Replayed").equals("true");
  }

  private static boolean isStored(JsonNode problem) {
    ProblemType type = PROBLEMS.get(problem.path("type").asString());
    assertThat(type).as(problem.toString()).isNotNull();
    return type.kept() == ProblemType.Kept.FOR_EVER;
  }

  private static Told refused(boolean replayed) {
    return replayed ? Told.TOLD_AGAIN : Told.REFUSED;
  }

  private void add(Told told) {
    count.merge(told, 1, Integer::sum);
  }

  private void addDone(JsonNode answer, boolean replayed) {
    add(replayed ? Told.TOLD_AGAIN : Told.DONE);
    if (!replayed) {
      Map<String, Long> versions = new HashMap<>();
      Stream.concat(Stream.of(answer), answer.path("items").valueStream())
          .filter(moved -> moved.has("stream"))
          .forEach(
              moved ->
                  versions.put(moved.path("stream").asString(), moved.path("version").asLong()));
      done.add(new Done(answer.path("key").asString(), answer.path("position").asLong(), versions));
      if (answer.at("/hold/status").asString("").equals("placed")) {
        holds.add(answer.at("/hold/id").asString());
      }
    }
  }

  private void add(JsonNode line) {
    boolean replayed = line.path("replayed").asBoolean(false);
    switch (line.path("status").asString()) {
      case "done" -> addDone(line, replayed);
      case "rejected" -> {
        assertThat(isStored(line.path("problem"))).as(line.toString()).isTrue();
        add(refused(replayed));
      }
      case "invalid" -> {
        assertThat(isStored(line.path("problem"))).as(line.toString()).isFalse();
        add(Told.NOT_TAKEN);
      }
      case "skipped" -> add(Told.NOT_TAKEN);
      case String other -> throw new AssertionError(other + ": " + line);
    }
  }
}
