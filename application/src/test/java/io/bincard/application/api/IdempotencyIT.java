package io.bincard.application.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RawHttp;
import io.bincard.application.fixture.RawHttp.Reply;
import io.bincard.application.fixture.RawRequest;
import io.bincard.application.fixture.RunningBincard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commands are sent once, singly or in a batch; then everything changes that could change an
 * answer; then every test asks again, and once more after a restart.
 */
@ParameterizedClass
@EnumSource(IdempotencyIT.Asked.class)
class IdempotencyIT {

  private static final String LEDGER = "idempotency";
  private static final String REUSED = "\"type\":\"/problems/idempotency-key-reused\"";

  enum Asked {
    IN_THE_SAME_RUN,
    AFTER_A_RESTART
  }

  private static RunningBincard bincard = RunningBincard.onLedger(LEDGER);

  private final Asked asked;

  IdempotencyIT(Asked asked) {
    this.asked = asked;
  }

  /** What each key was told first, in the words of a batch line. */
  private static final Map<String, String> TOLD = new LinkedHashMap<>();

  /** A command and what it is first answered; {@code members} without the SKU. */
  private record Sent(
      String key, String type, String sku, String target, String members, int status) {

    /** The method and the path that the command has when it comes alone. */
    RawRequest singly() {
      String[] methodAndPath = target.split(" ", 2);
      RawRequest request =
          RawRequest.of(methodAndPath[0], methodAndPath[1]).header("Idempotency-Key", key);
      return switch (methodAndPath[0]) {
        case "DELETE" -> request;
        default -> request.json("{" + (type.startsWith("register") ? inLine() : members) + "}");
      };
    }

    String line() {
      return "{\"key\":\"" + key + "\",\"type\":\"" + type + "\"," + inLine() + "}\n";
    }

    private String inLine() {
      return "\"sku\":\"" + sku + "\"" + (members.isEmpty() ? "" : "," + members);
    }

    @Override
    public String toString() {
      return key;
    }
  }

  static Stream<Sent> sent() {
    return Stream.of("SINGLE", "LINE").flatMap(IdempotencyIT::sent);
  }

  /** A story of one item, one command of every kind of answer. */
  private static Stream<Sent> sent(String sku) {
    String item = "/v1/stock/" + sku;
    return Stream.of(
        new Sent(
            sku + "-registered",
            "register-stock-item",
            sku,
            "POST /v1/stock-items",
            "\"openingQuantity\":5",
            201),
        deduction(sku + "-sold", sku, 2, 201),
        deduction(sku + "-sold-out", sku, 30, 409),
        deduction(sku + "-not-there-yet", sku + "-LATER", 1, 404),
        new Sent(
            sku + "-frozen",
            "freeze-stock-item",
            sku,
            "PUT " + item + "/freeze",
            "\"reason\":\"wet\"",
            200),
        deduction(sku + "-while-frozen", sku, 1, 409),
        new Sent(
            sku + "-unfrozen",
            "unfreeze-stock-item",
            sku,
            "DELETE " + item + "/freeze?reason=dry",
            "\"reason\":\"dry\"",
            200),
        new Sent(
            sku + "-policy",
            "set-stock-policy",
            sku,
            "PUT " + item + "/policy",
            "\"safetyStock\":1",
            200));
  }

  private static Sent deduction(String key, String sku, int quantity, int status) {
    return new Sent(
        key,
        "deduct-stock",
        sku,
        "POST /v1/stock/" + sku + "/deductions",
        "\"quantity\":" + quantity + ",\"orderId\":\"o-1\"",
        status);
  }

  @BeforeAll
  static void send_everything_once_and_then_change_the_world() throws Exception {
    for (Sent command : sent("SINGLE").toList()) {
      Reply reply = singly(command);
      assertThat(reply.status()).as(command.key()).isEqualTo(command.status());
      assertThat(reply.header("Idempotency-Replayed")).isEmpty();
      TOLD.put(command.key(), asLine(command, reply));
    }
    List<Sent> inABatch = sent("LINE").toList();
    List<String> answers = lines(inABatch.stream().map(Sent::line).collect(Collectors.joining()));
    for (int i = 0; i < inABatch.size(); i++) {
      TOLD.put(inABatch.get(i).key(), answers.get(i));
    }
    assertThat(TOLD.values())
        .noneMatch(told -> told.contains("replayed"))
        .filteredOn(told -> told.contains("insufficient-stock"))
        .hasSize(2)
        .allMatch(told -> told.contains("30 requested, 3 available"));
    for (String sku : List.of("SINGLE", "LINE")) {
      assertThat(
              lines(
                  """
                  {"key":"%1$s-restock","type":"receive-stock","sku":"%1$s","quantity":1000}
                  {"key":"%1$s-later","type":"register-stock-item","sku":"%1$s-LATER","openingQuantity":9}
                  """
                      .formatted(sku)))
          .allMatch(answer -> answer.contains("\"status\":\"done\""));
    }
  }

  @BeforeParameterizedClassInvocation
  static void restart(Asked asked) {
    if (asked == Asked.AFTER_A_RESTART) {
      bincard.close();
      bincard = RunningBincard.onLedger(LEDGER);
    }
  }

  @AfterAll
  static void close() {
    bincard.close();
  }

  private static Reply singly(Sent command) throws Exception {
    return RawHttp.exchange(bincard.uri("/"), command.singly().toBytes());
  }

  private static List<String> lines(String ndjson) throws Exception {
    return bincard.batch("continue", ndjson).body().lines().toList();
  }

  /** The answer to a single command as a batch would have told it. */
  private static String asLine(Sent command, Reply reply) {
    return reply.status() < 300
        ? reply.body()
        : "{\"key\":\"%s\",\"status\":\"rejected\",\"problem\":%s}"
            .formatted(command.key(), reply.body());
  }

  private static String told(String key) {
    return Objects.requireNonNull(TOLD.get(key), key);
  }

  private static String replayed(String key) {
    return told(key).replaceFirst("}$", ",\"replayed\":true}");
  }

  // The same command again

  @ParameterizedTest
  @MethodSource("sent")
  void a_key_is_told_the_same_when_it_comes_alone(Sent command) throws Exception {
    LedgerSize before = LedgerSize.of(bincard);

    Reply reply = singly(command);

    assertThat(reply.status()).isEqualTo(command.status());
    assertThat(reply.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(reply.header("Content-Type"))
        .startsWith(command.status() < 300 ? "application/json" : "application/problem+json");
    assertThat(asLine(command, reply)).isEqualTo(told(command.key()));
    assertThat(LedgerSize.of(bincard)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("sent")
  void a_key_is_told_the_same_when_it_comes_in_a_batch(Sent command) throws Exception {
    LedgerSize before = LedgerSize.of(bincard);

    assertThat(lines(command.line())).containsExactly(replayed(command.key()));
    assertThat(LedgerSize.of(bincard)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("sent")
  void a_key_can_be_asked_what_it_was_told(Sent command) throws Exception {
    var answer = bincard.get("/v1/commands/" + command.key());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(told(command.key()));
  }

  @Test
  void other_words_for_the_same_command_are_the_same_command() throws Exception {
    var answer =
        bincard.post(
            "/v1/stock/LINE/deductions",
            "LINE-sold",
            " { \"orderId\": \"\\u006f-1\", \"location\": \"MAIN\", \"quantity\": 2 } ");

    assertThat(answer.body()).isEqualTo(told("LINE-sold"));
    assertThat(answer.headers().firstValue("Idempotency-Replayed")).hasValue("true");
  }

  @Test
  void a_key_that_stands_in_a_batch_three_times_has_one_effect() throws Exception {
    Sent twin = deduction("twin-" + asked, "LINE-LATER", 1, 201);
    Sent other = deduction(twin.key(), "LINE-LATER", 2, 201);
    LedgerSize before = LedgerSize.of(bincard);

    List<String> answers = lines(twin.line() + twin.line() + other.line());

    assertThat(answers.getFirst()).contains("\"status\":\"done\"").doesNotContain("replayed");
    assertThat(answers.get(1))
        .isEqualTo(answers.getFirst().replaceFirst("}$", ",\"replayed\":true}"));
    assertThat(answers.getLast()).contains("\"status\":\"invalid\",\"line\":3,", REUSED);
    assertThat(LedgerSize.of(bincard))
        .isEqualTo(new LedgerSize(before.position() + 1, before.receipts() + 1));
  }

  // The same key for something else

  static Stream<Sent> others() {
    return Stream.of("SINGLE", "LINE")
        .flatMap(
            sku ->
                Stream.of(
                    deduction(sku + "-sold", sku, 3, 422),
                    deduction(sku + "-sold", sku + "-LATER", 2, 422),
                    deduction(sku + "-sold-out", sku, 1, 422),
                    new Sent(
                        sku + "-sold",
                        "return-stock",
                        sku,
                        "POST /v1/stock/" + sku + "/returns",
                        "\"quantity\":2,\"orderId\":\"o-1\"",
                        422),
                    new Sent(
                        sku + "-frozen",
                        "unfreeze-stock-item",
                        sku,
                        "DELETE /v1/stock/" + sku + "/freeze?reason=wet",
                        "\"reason\":\"wet\"",
                        422)));
  }

  @ParameterizedTest
  @MethodSource("others")
  void a_key_that_stands_for_another_command_is_refused_and_nothing_is_stored(Sent other)
      throws Exception {
    LedgerSize before = LedgerSize.of(bincard);

    Reply reply = singly(other);

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
    assertThat(reply.body()).contains(REUSED);
    assertThat(lines(other.line()))
        .singleElement()
        .asString()
        .startsWith("{\"key\":\"" + other.key() + "\",\"status\":\"invalid\",\"line\":1,")
        .contains(REUSED);
    assertThat(LedgerSize.of(bincard)).isEqualTo(before);
    assertThat(bincard.get("/v1/commands/" + other.key()).body()).isEqualTo(told(other.key()));
  }

  @Test
  void a_condition_that_was_not_there_before_makes_another_command() throws Exception {
    Sent sold = sent("SINGLE").toList().get(1);

    Reply reply =
        RawHttp.exchange(bincard.uri("/"), sold.singly().header("If-Match", "\"0\"").toBytes());

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.body()).contains(REUSED);
  }

  @Test
  void a_version_that_was_stale_is_stale_for_ever() throws Exception {
    String key = "stale-" + asked;
    long version =
        bincard
            .sql()
            .sql("select max(sequence) from event_journal where stream = 'stock:LINE-LATER@MAIN'")
            .query(Long.class)
            .single();
    RawRequest conditional =
        deduction(key, "LINE-LATER", 1, 412)
            .singly()
            .header("If-Match", "\"" + (version + 1) + "\"");

    Reply refused = RawHttp.exchange(bincard.uri("/"), conditional.toBytes());
    lines(deduction(key + "-next", "LINE-LATER", 1, 201).line());
    Reply again = RawHttp.exchange(bincard.uri("/"), conditional.toBytes());

    assertThat(refused.status()).isEqualTo(412);
    assertThat(again.status()).isEqualTo(412);
    assertThat(again.body()).isEqualTo(refused.body()).contains("\"actualVersion\":" + version);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
  }

  // Keys that were never answered

  @Test
  void a_key_that_was_never_answered_is_unknown_and_free() throws Exception {
    String key = "free-" + asked;
    assertUnknown(key);
    assertThat(bincard.post("/v1/stock/LINE/deductions", key, "{}").statusCode()).isEqualTo(400);
    assertUnknown(key);
    assertThat(lines("{\"key\":\"" + key + "\",\"type\":\"steal-stock\"}\n"))
        .singleElement()
        .asString()
        .contains("\"status\":\"invalid\"");
    assertUnknown(key);

    assertThat(lines(deduction(key, "LINE-LATER", 1, 201).line()))
        .singleElement()
        .asString()
        .contains("\"status\":\"done\"")
        .doesNotContain("replayed");
    assertThat(bincard.get("/v1/commands/" + key).statusCode()).isEqualTo(200);
  }

  private static void assertUnknown(String key) throws Exception {
    var answer = bincard.get("/v1/commands/" + key);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"type\":\"/problems/unknown-command\"");
  }
}
