package io.bincard.application.api;

import static io.bincard.application.api.Zipped.gzip;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.bincard.application.fixture.RawHttp;
import io.bincard.application.fixture.RawHttp.Reply;
import io.bincard.application.fixture.RawRequest;
import io.bincard.application.fixture.RunningBincard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every kind of bad input: a clear problem, nothing stored, nothing leaked, no hang. */
class BadInputIT {

  private static final Duration NO_HANG = Duration.ofSeconds(1);
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final String ITEM = "/v1/stock/BAD-INPUT-IT";
  private static final String DEDUCTIONS = ITEM + "/deductions";
  private static final String DEDUCTION = "{\"quantity\":1,\"orderId\":\"o-1\"}";
  private static final String LINE =
      "{\"key\":\"bad-input\",\"type\":\"deduct-stock\",\"sku\":\"BAD-INPUT-IT\",\"quantity\":1,"
          + "\"orderId\":\"o-1\"}\n";

  private static final int DEEP = 10_000;
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_LINE = 16 * 1024;
  private static final int MEGABYTE = 1024 * 1024;
  private static final int BOMB_MEMBERS = 64;
  private static final int BOMB_MEMBER_BYTES = 16 * MEGABYTE;

  private static final RunningBincard bincard = RunningBincard.shared();

  @BeforeAll
  static void open() throws Exception {
    bincard.post(
        "/v1/stock-items",
        "bad-input-open",
        "{\"sku\":\"BAD-INPUT-IT\",\"openingQuantity\":1000000}");
    bincard.batch("continue", "{}\n");
    bincard.get(ITEM);
  }

  // Requests

  static Stream<Arguments> requests() {
    return Stream.of(
            keys(),
            bodies(),
            values(),
            codes(),
            paths(),
            headers(),
            queries(),
            batches(),
            routes(),
            holds(),
            secondSteps())
        .flatMap(List::stream);
  }

  private static Arguments bad(String name, RawRequest request, int status, String type) {
    return arguments(name, request.toBytes(), status, type);
  }

  private static RawRequest keyed(String method, String target) {
    return RawRequest.of(method, target).header("Idempotency-Key", "bad-input");
  }

  private static RawRequest post(String target, String json) {
    return keyed("POST", target).json(json);
  }

  private static RawRequest deduct(String json) {
    return post(DEDUCTIONS, json);
  }

  private static RawRequest deductBytes(byte[] body) {
    return keyed("POST", DEDUCTIONS).bytes(body).header("Content-Type", "application/json");
  }

  private static RawRequest key(String key) {
    return RawRequest.of("POST", DEDUCTIONS).json(DEDUCTION).header("Idempotency-Key", key);
  }

  private static RawRequest batch(String query, byte[] body) {
    return RawRequest.of("POST", "/v1/commands" + query)
        .bytes(body)
        .header("Content-Type", "application/x-ndjson");
  }

  private static RawRequest batch(String query, String lines) {
    return batch(query, lines.getBytes(UTF_8));
  }

  private static List<Arguments> keys() {
    String malformed = "idempotency-key-malformed";
    return List.of(
        bad(
            "no key",
            RawRequest.of("POST", DEDUCTIONS).json(DEDUCTION),
            400,
            "idempotency-key-missing"),
        bad(
            "no key on an unfreeze",
            RawRequest.of("DELETE", ITEM + "/freeze?reason=x"),
            400,
            "idempotency-key-missing"),
        bad("an empty key", key(""), 400, malformed),
        bad("a blank key", key("   "), 400, malformed),
        bad("a key with a space", key("a b"), 400, malformed),
        bad("a key with a tab", key("a\tb"), 400, malformed),
        bad("a key that is not ASCII", key("clé"), 400, malformed),
        bad("a key of UTF-8 bytes", key("cl\u00c3\u00a9"), 400, malformed),
        bad("a key of 129 characters", key("k".repeat(129)), 400, malformed),
        bad("two keys", key("a").header("Idempotency-Key", "b"), 400, "repeated-header"),
        bad("the same key twice", key("a").header("idempotency-key", "a"), 400, "repeated-header"));
  }

  private static List<Arguments> bodies() {
    String malformed = "malformed-json";
    return List.of(
        bad("an empty body", deduct(""), 400, malformed),
        bad("blanks", deduct("   "), 400, malformed),
        bad(
            "no body at all",
            keyed("POST", DEDUCTIONS).header("Content-Type", "application/json"),
            400,
            malformed),
        bad("an array", deduct("[" + DEDUCTION + "]"), 400, malformed),
        bad("a string", deduct("\"quantity\""), 400, malformed),
        bad("a number", deduct("1"), 400, malformed),
        bad("null", deduct("null"), 400, malformed),
        bad("true", deduct("true"), 400, malformed),
        bad("half an object", deduct("{\"quantity\":1,"), 400, malformed),
        bad("two objects", deduct(DEDUCTION + DEDUCTION), 400, malformed),
        bad("garbage behind", deduct(DEDUCTION + "x"), 400, malformed),
        bad("a brace behind", deduct(DEDUCTION + "}"), 400, malformed),
        bad("a NUL behind", deduct(DEDUCTION + "\u0000"), 400, malformed),
        bad("a comma too many", deduct("{\"quantity\":1,\"orderId\":\"o\",}"), 400, malformed),
        bad("single quotes", deduct("{'quantity':1,'orderId':'o'}"), 400, malformed),
        bad("a comment", deduct("{/**/\"quantity\":1,\"orderId\":\"o\"}"), 400, malformed),
        bad("a byte order mark", deduct("\uFEFF" + DEDUCTION), 400, malformed),
        bad("UTF-16", deductBytes(DEDUCTION.getBytes(UTF_16LE)), 400, malformed),
        bad(
            "Latin-1",
            deductBytes("{\"quantity\":1,\"orderId\":\"é\"}".getBytes(ISO_8859_1)),
            400,
            malformed),
        bad(
            "a surrogate as bytes",
            deductBytes("{\"quantity\":1,\"orderId\":\"\u00ed\u00a0\u0080\"}".getBytes(ISO_8859_1)),
            400,
            malformed),
        bad(
            "an overlong slash",
            deductBytes("{\"quantity\":1,\"orderId\":\"\u00c0\u00af\"}".getBytes(ISO_8859_1)),
            400,
            malformed),
        bad(
            "a member twice",
            deduct("{\"quantity\":1,\"quantity\":2,\"orderId\":\"o\"}"),
            400,
            malformed),
        bad(
            "a member twice, once escaped",
            deduct("{\"quantity\":1,\"\\u0071uantity\":2,\"orderId\":\"o\"}"),
            400,
            malformed),
        bad(
            "an unknown member twice, with half a surrogate pair",
            deduct("{\"\\ud800\":1,\"\\ud800\":2}"),
            400,
            malformed),
        bad("10,000 arrays", deduct("[".repeat(DEEP)), 400, malformed),
        bad("10,000 objects", deduct("{\"a\":".repeat(DEEP)), 400, malformed),
        bad(
            "10,000 arrays in an object",
            deduct("{\"a\":" + "[".repeat(DEEP) + "]".repeat(DEEP) + "}"),
            400,
            malformed),
        bad(
            "gzip where none is taken",
            deductBytes(gzip(DEDUCTION.getBytes(UTF_8))).header("Content-Encoding", "gzip"),
            415,
            "unsupported-content-encoding"),
        bad("64 KiB and a byte", deduct(" ".repeat(MAX_BODY + 1)), 413, "body-too-large"),
        bad(
            "64 KiB and a byte, its length not told",
            deduct(" ".repeat(MAX_BODY + 1)).chunked(),
            413,
            "body-too-large"),
        bad("3 MB", deduct(" ".repeat(3 * MEGABYTE)), 413, "body-too-large"),
        bad(
            "3 MB, their length not told",
            deduct(" ".repeat(3 * MEGABYTE)).chunked(),
            413,
            "body-too-large"),
        bad(
            "a length of 9 EB",
            deduct(DEDUCTION).unframed().header("Content-Length", "9000000000000000000"),
            413,
            "body-too-large"),
        bad(
            "a chunk with a length that is none",
            deductBytes("zz\r\n{}\r\n0\r\n\r\n".getBytes(UTF_8))
                .unframed()
                .header("Transfer-Encoding", "chunked"),
            400,
            "bad-request"));
  }

  private static List<Arguments> values() {
    String json = "malformed-json";
    String command = "invalid-command";
    return Stream.of(
            arguments("NaN", "NaN", json),
            arguments("Infinity", "Infinity", json),
            arguments("hexadecimal", "0x10", json),
            arguments("a leading zero", "01", json),
            arguments("a plus", "+1", json),
            arguments("-0", "-0", json),
            arguments("33 digits", "1".repeat(33), json),
            arguments("60,000 digits", "1".repeat(60_000), json),
            arguments("1e400", "1e400", command),
            arguments("1e999999999", "1e999999999", command),
            arguments("-0.0", "-0.0", command),
            arguments("1.0", "1.0", command),
            arguments("1e0", "1e0", command),
            arguments("2^53", "9007199254740992", command),
            arguments("2^63", "9223372036854775808", command),
            arguments("2^64 and 1, which would wrap to 1", "18446744073709551617", command),
            arguments("0", "0", command),
            arguments("-1", "-1", command),
            arguments("text", "\"5\"", command),
            arguments("null", "null", command),
            arguments("true", "true", command),
            arguments("an array", "[1]", command),
            arguments("an object", "{\"units\":1}", command))
        .map(
            value ->
                bad(
                    "a quantity of " + value.get()[0],
                    deduct("{\"orderId\":\"o\",\"quantity\":" + value.get()[1] + "}"),
                    400,
                    String.valueOf(value.get()[2])))
        .toList();
  }

  private static List<Arguments> codes() {
    String command = "invalid-command";
    Stream<Arguments> orders =
        Stream.of(
                "",
                " ",
                "a\\r\\nb",
                "a\\u001b[31mb",
                "a\\u0000b",
                "${jndi:ldap://x/y}",
                "a'b",
                "a\\\"b",
                "a*",
                "[a-z]",
                "a/b",
                "a\\\\b",
                "a;b",
                "\\ud800",
                "a\\udc00b",
                "é",
                "\\u0430",
                "\\u200b",
                "a".repeat(65))
            .map(
                order ->
                    bad(
                        "the order id " + (order.length() > 64 ? "of 65 characters" : order),
                        deduct("{\"quantity\":1,\"orderId\":\"" + order + "\"}"),
                        400,
                        command));
    Stream<Arguments> others =
        Stream.of(
            bad("no members", deduct("{}"), 400, command),
            bad("no order id", deduct("{\"quantity\":1}"), 400, command),
            bad(
                "an order id that is a number",
                deduct("{\"quantity\":1,\"orderId\":7}"),
                400,
                command),
            bad(
                "an unknown member",
                deduct("{\"quantity\":1,\"orderId\":\"o\",\"x\":1}"),
                400,
                command),
            bad(
                "a member in another case",
                deduct("{\"Quantity\":1,\"orderId\":\"o\"}"),
                400,
                command),
            bad(
                "an unknown member with half a surrogate pair",
                deduct("{\"quantity\":1,\"orderId\":\"o\",\"\\ud800\":1}"),
                400,
                command),
            bad(
                "a type that names a class",
                deduct("{\"quantity\":1,\"orderId\":\"o\",\"@class\":\"java.lang.Runtime\"}"),
                400,
                command),
            bad(
                "a SKU beside the one in the path",
                deduct("{\"sku\":\"BAD-INPUT-IT\",\"quantity\":1,\"orderId\":\"o\"}"),
                400,
                command),
            bad(
                "a location with a glob",
                deduct("{\"quantity\":1,\"orderId\":\"o\",\"location\":\"*\"}"),
                400,
                command),
            bad(
                "an opening quantity below 0",
                post("/v1/stock-items", "{\"sku\":\"BAD-1\",\"openingQuantity\":-1}"),
                400,
                command),
            bad("no SKU", post("/v1/stock-items", "{\"openingQuantity\":1}"), 400, command),
            bad(
                "a delta of 0",
                post(ITEM + "/adjustments", "{\"delta\":0,\"reason\":\"x\"}"),
                400,
                command),
            bad(
                "a reason with a line end",
                post(ITEM + "/adjustments", "{\"delta\":1,\"reason\":\"x\\ny\"}"),
                400,
                command),
            bad(
                "a reason that turns the direction of text",
                post(ITEM + "/adjustments", "{\"delta\":1,\"reason\":\"x\\u202ey\"}"),
                400,
                command),
            bad(
                "a reason with half a surrogate pair",
                post(ITEM + "/adjustments", "{\"delta\":1,\"reason\":\"\\ud83d\"}"),
                400,
                command),
            bad(
                "a policy that sets nothing",
                keyed("PUT", ITEM + "/policy").json("{}"),
                400,
                command));
    return Stream.concat(orders, others).toList();
  }

  private static List<Arguments> paths() {
    String command = "invalid-command";
    Stream<Arguments> skus =
        Stream.of(
                arguments("a CR and LF", "A%0D%0AB"),
                arguments("an escape sequence", "A%1B%5B31mB"),
                arguments("a look-up", "%24%7Bjndi%3Aldap%3A%2F%2Fx%7D"),
                arguments("a double quote", "A%22B"),
                arguments("a single quote", "A'B"),
                arguments("a star", "A*"),
                arguments("a class of characters", "%5BA-Z%5D"),
                arguments("a slash", "A%2FB"),
                arguments("a slash, encoded twice", "A%252FB"),
                arguments("a way up", "..%2F..%2Fetc"),
                arguments("a backslash", "A%5CB"),
                arguments("a semicolon", "A%3BB"),
                arguments("an at sign", "A@MAIN"),
                arguments("a blank at the end", "A%20"),
                arguments("65 characters", "A".repeat(65)),
                arguments("a letter that is not ASCII", "%C3%A9"),
                arguments("nothing but a blank", "%20"))
            .flatMap(
                sku ->
                    Stream.of(
                        bad(
                            "a SKU in the path with " + sku.get()[0],
                            post("/v1/stock/" + sku.get()[1] + "/deductions", DEDUCTION),
                            400,
                            command),
                        bad(
                            "a SKU that is asked for with " + sku.get()[0],
                            RawRequest.of("GET", "/v1/stock/" + sku.get()[1]),
                            400,
                            "invalid-value")));
    Stream<Arguments> others =
        Stream.of(
            bad(
                "a parameter within the path",
                post(ITEM + ";x=1/deductions", DEDUCTION),
                400,
                "malformed-path"),
            bad(
                "a semicolon that a read would drop",
                RawRequest.of("GET", ITEM + ";B"),
                400,
                "malformed-path"),
            bad(
                "bytes that are not UTF-8",
                post("/v1/stock/%FF/deductions", DEDUCTION),
                400,
                "bad-request"),
            bad("a NUL", post("/v1/stock/A%00B/deductions", DEDUCTION), 400, "bad-request"),
            bad("half an escape", post("/v1/stock/A%2/deductions", DEDUCTION), 400, "bad-request"),
            bad(
                "an escape of no digits",
                RawRequest.of("GET", "/v1/stock/%zz"),
                400,
                "bad-request"),
            bad("a brace as it is", RawRequest.of("GET", "/v1/stock/{sku}"), 400, "bad-request"),
            bad("a quote as it is", RawRequest.of("GET", "/v1/stock/\""), 400, "bad-request"),
            bad("a byte above 127", RawRequest.of("GET", "/v1/stock/é"), 400, "bad-request"),
            bad("a way out of the root", RawRequest.of("GET", "/../../etc"), 400, "bad-request"),
            bad(
                "a path of 40 KB",
                RawRequest.of("GET", "/v1/stock/" + "A".repeat(40_000)),
                400,
                "bad-request"));
    return Stream.concat(skus, others).toList();
  }

  private static List<Arguments> headers() {
    return List.of(
        bad(
            "no content type",
            keyed("POST", DEDUCTIONS).bytes(DEDUCTION.getBytes(UTF_8)),
            415,
            "unsupported-media-type"),
        bad("text", contentType("text/plain"), 415, "unsupported-media-type"),
        bad(
            "a form",
            contentType("application/x-www-form-urlencoded"),
            415,
            "unsupported-media-type"),
        bad("a content type that is none", contentType("///"), 415, "unsupported-media-type"),
        bad(
            "parts without a boundary",
            contentType("multipart/form-data"),
            415,
            "unsupported-media-type"),
        bad("parts", contentType("multipart/form-data; boundary=x"), 415, "unsupported-media-type"),
        bad("XML", contentType("application/xml"), 415, "unsupported-media-type"),
        bad(
            "an answer that nobody can give",
            deduct(DEDUCTION).header("Accept", "text/html"),
            406,
            "not-acceptable"),
        bad(
            "an Accept that is none",
            deduct(DEDUCTION).header("Accept", "///"),
            406,
            "not-acceptable"),
        bad("a version without quotes", ifMatch("7"), 400, "if-match-malformed"),
        bad("a weak version", ifMatch("W/\"7\""), 400, "if-match-malformed"),
        bad("a version below 0", ifMatch("\"-1\""), 400, "if-match-malformed"),
        bad("a version with a leading zero", ifMatch("\"07\""), 400, "if-match-malformed"),
        bad("a version that is none", ifMatch("\"abc\""), 400, "if-match-malformed"),
        bad("a version of 2^63", ifMatch("\"9223372036854775808\""), 400, "if-match-malformed"),
        bad("an empty version", ifMatch(""), 400, "if-match-malformed"),
        bad("two versions", ifMatch("\"1\", \"2\""), 400, "if-match-malformed"),
        bad(
            "two versions in two headers",
            ifMatch("\"1\"").header("If-Match", "*"),
            400,
            "repeated-header"),
        bad(
            "an unknown release stage",
            deduct(DEDUCTION).header("X-Release-Stage", "beta"),
            400,
            "unknown-release-stage"),
        bad(
            "a release stage in another case",
            deduct(DEDUCTION).header("X-Release-Stage", "Stable"),
            400,
            "unknown-release-stage"),
        bad(
            "an unknown release stage of a batch",
            batch("", LINE).header("X-Release-Stage", "beta"),
            400,
            "unknown-release-stage"),
        bad("a header of 40 KB", key("k".repeat(40_000)), 400, "bad-request"),
        bad(
            "a header name with a blank",
            deduct(DEDUCTION).header("Idempotency Key", "x"),
            400,
            "bad-request"),
        bad("two lengths", deduct(DEDUCTION).header("Content-Length", "5"), 400, "bad-request"),
        bad(
            "a length below 0",
            deduct(DEDUCTION).unframed().header("Content-Length", "-1"),
            400,
            "bad-request"),
        bad(
            "an encoding of the transfer that is unknown",
            deduct(DEDUCTION).unframed().header("Transfer-Encoding", "br"),
            501,
            "not-implemented"));
  }

  private static RawRequest contentType(String type) {
    return keyed("POST", DEDUCTIONS).bytes(DEDUCTION.getBytes(UTF_8)).header("Content-Type", type);
  }

  private static RawRequest ifMatch(String version) {
    return deduct(DEDUCTION).header("If-Match", version);
  }

  private static List<Arguments> queries() {
    String freeze = ITEM + "/freeze";
    return List.of(
        bad("an unfreeze without a reason", keyed("DELETE", freeze), 400, "invalid-command"),
        bad("an empty reason", keyed("DELETE", freeze + "?reason="), 400, "invalid-command"),
        bad(
            "an unknown parameter of an unfreeze",
            keyed("DELETE", freeze + "?reason=x&force=true"),
            400,
            "invalid-command"),
        bad(
            "a SKU as a parameter",
            keyed("DELETE", freeze + "?reason=x&sku=OTHER"),
            400,
            "invalid-command"),
        bad(
            "two reasons",
            keyed("DELETE", freeze + "?reason=x&reason=y"),
            400,
            "repeated-parameter"),
        bad(
            "two locations",
            keyed("DELETE", freeze + "?reason=x&location=A&location=B"),
            400,
            "repeated-parameter"),
        bad(
            "a bad location",
            keyed("DELETE", freeze + "?reason=x&location=*"),
            400,
            "invalid-command"),
        bad(
            "a reason that is not percent-encoded",
            keyed("DELETE", freeze + "?reason=%zz"),
            400,
            "malformed-parameters"),
        bad(
            "a reason of bytes that are not UTF-8",
            keyed("DELETE", freeze + "?reason=%ff"),
            400,
            "malformed-parameters"),
        bad(
            "parameters in the body of a DELETE",
            keyed("DELETE", freeze)
                .bytes("reason=x".getBytes(UTF_8))
                .header("Content-Type", "application/x-www-form-urlencoded"),
            400,
            "invalid-command"),
        bad(
            "2,000 parameters",
            keyed(
                "DELETE",
                freeze
                    + IntStream.range(0, 2_000)
                        .mapToObj(i -> "p" + i + "=1")
                        .collect(Collectors.joining("&", "?", ""))),
            400,
            "malformed-parameters"),
        bad(
            "a location as a parameter of a route that has none",
            post(DEDUCTIONS + "?location=OTHER", DEDUCTION),
            400,
            "unknown-parameter"),
        bad("a misspelt onError", batch("?on-error=atomic", LINE), 400, "unknown-parameter"),
        bad("an unknown onError", batch("?onError=ignore", LINE), 400, "invalid-on-error"),
        bad("an empty onError", batch("?onError=", LINE), 400, "invalid-on-error"),
        bad(
            "onError twice",
            batch("?onError=stop&onError=atomic", LINE),
            400,
            "repeated-parameter"),
        bad(
            "an onError that cannot be read",
            batch("?onError=%zz", LINE),
            400,
            "malformed-parameters"),
        bad("minPosition=abc", get("?minPosition=abc"), 400, "invalid-value"),
        bad("minPosition=-1", get("?minPosition=-1"), 400, "invalid-value"),
        bad("minPosition=1.5", get("?minPosition=1.5"), 400, "invalid-value"),
        bad("minPosition=2^63", get("?minPosition=9223372036854775808"), 400, "invalid-value"),
        bad("minPosition=Arabic 1", get("?minPosition=%D9%A1"), 400, "invalid-value"),
        bad("a location that is none", get("?location=*"), 400, "invalid-value"),
        bad("a query that cannot be read", get("?minPosition=%zz"), 400, "malformed-parameters"),
        bad("no SKUs", RawRequest.of("GET", "/v1/stock"), 400, "missing-parameter"),
        bad("SKUs that are empty", RawRequest.of("GET", "/v1/stock?skus="), 400, "invalid-value"),
        bad("a comma too many", RawRequest.of("GET", "/v1/stock?skus=A,"), 400, "invalid-value"),
        bad("a glob of SKUs", RawRequest.of("GET", "/v1/stock?skus=A*"), 400, "invalid-value"),
        bad(
            "201 SKUs",
            RawRequest.of(
                "GET",
                IntStream.range(0, 201)
                    .mapToObj(i -> "S" + i)
                    .collect(Collectors.joining(",", "/v1/stock?skus=", ""))),
            400,
            "too-many-skus"),
        bad(
            "a key with a blank that is asked for",
            RawRequest.of("GET", "/v1/commands/a%20b"),
            400,
            "idempotency-key-malformed"),
        bad(
            "a key of 129 characters that is asked for",
            RawRequest.of("GET", "/v1/commands/" + "k".repeat(129)),
            400,
            "idempotency-key-malformed"),
        bad(
            "a key that is not ASCII and asked for",
            RawRequest.of("GET", "/v1/commands/%C3%A9"),
            400,
            "idempotency-key-malformed"));
  }

  private static RawRequest get(String query) {
    return RawRequest.of("GET", ITEM + query);
  }

  private static List<Arguments> batches() {
    return List.of(
        bad(
            "a batch of JSON",
            RawRequest.of("POST", "/v1/commands").json(LINE),
            415,
            "unsupported-media-type"),
        bad(
            "an unknown encoding",
            batch("", LINE).header("Content-Encoding", "br"),
            415,
            "unsupported-content-encoding"),
        bad(
            "two encodings",
            batch("", LINE).header("Content-Encoding", "gzip, gzip"),
            415,
            "unsupported-content-encoding"),
        bad(
            "two encodings in two headers",
            zipped("", gzip(LINE.getBytes(UTF_8))).header("Content-Encoding", "br"),
            400,
            "repeated-header"),
        bad("lines that are no gzip", zipped("", LINE.getBytes(UTF_8)), 400, "malformed-gzip"),
        bad("gzip of nothing at all", zipped("", new byte[0]), 400, "malformed-gzip"),
        bad(
            "gzip cut off in its head",
            zipped("", Arrays.copyOf(gzip(LINE.getBytes(UTF_8)), 5)),
            400,
            "malformed-gzip"),
        bad(
            "gzip cut off in its first line",
            zipped("", Arrays.copyOf(gzip(LINE.getBytes(UTF_8)), 40)),
            400,
            "malformed-gzip"),
        bad(
            "an atomic batch whose gzip is cut off behind its first lines",
            zipped("?onError=atomic", Arrays.copyOf(gzip(lines(900)), 4_000)),
            400,
            "malformed-gzip"),
        bad(
            "an atomic batch with a wrong sum in its gzip",
            zipped("?onError=atomic", withAWrongSum(gzip(LINE.getBytes(UTF_8)))),
            400,
            "malformed-gzip"),
        bad(
            "an atomic batch with garbage behind its gzip",
            zipped("?onError=atomic", concat(gzip(LINE.getBytes(UTF_8)), new byte[] {1, 2, 3})),
            400,
            "malformed-gzip"),
        bad("a gigabyte of zeros in gzip", zipped("", bomb((byte) 0)), 413, "inflates-too-much"),
        bad(
            "a gigabyte of newlines in gzip, all or nothing",
            zipped("?onError=atomic", bomb((byte) '\n')),
            400,
            "too-many-lines"),
        bad(
            "1,001 lines, all or nothing",
            batch("?onError=atomic", lines(1_001)),
            400,
            "too-many-lines"));
  }

  private static RawRequest zipped(String query, byte[] body) {
    return batch(query, body).header("Content-Encoding", "gzip");
  }

  private static byte[] lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> LINE.replace("bad-input\"", "bad-input-" + i + "\""))
        .collect(Collectors.joining())
        .getBytes(UTF_8);
  }

  private static byte[] withAWrongSum(byte[] gzip) {
    byte[] wrong = gzip.clone();
    wrong[wrong.length - 5] ^= 1;
    return wrong;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** A gigabyte of {@code content} in a megabyte of gzip. */
  private static byte[] bomb(byte content) {
    byte[] plain = new byte[BOMB_MEMBER_BYTES];
    Arrays.fill(plain, content);
    byte[] member = gzip(plain);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < BOMB_MEMBERS; i++) {
      all.writeBytes(member);
    }
    return all.toByteArray();
  }

  private static List<Arguments> routes() {
    return List.of(
        bad("an unknown route", RawRequest.of("GET", "/v2/stock"), 404, "not-found"),
        bad("an unknown command", post(ITEM + "/thefts", DEDUCTION), 404, "not-found"),
        bad("a slash at the end", post(DEDUCTIONS + "/", DEDUCTION), 404, "not-found"),
        bad("a SKU that is empty", post("/v1/stock//deductions", DEDUCTION), 404, "not-found"),
        bad("the page for failures", RawRequest.of("GET", "/error"), 404, "not-found"),
        bad("GET of a command", RawRequest.of("GET", DEDUCTIONS), 405, "method-not-allowed"),
        bad("DELETE of a command", keyed("DELETE", DEDUCTIONS), 405, "method-not-allowed"),
        bad(
            "PATCH of a policy",
            keyed("PATCH", ITEM + "/policy").json("{}"),
            405,
            "method-not-allowed"),
        bad("a method that nobody knows", keyed("STEAL", DEDUCTIONS), 405, "method-not-allowed"),
        bad("TRACE", RawRequest.of("TRACE", DEDUCTIONS), 405, "method-not-allowed"),
        bad("a request line that is none", RawRequest.line("hello"), 400, "bad-request"),
        bad("a method that is none", RawRequest.line("P(ST / HTTP/1.1"), 400, "bad-request"),
        bad("HTTP/9.9", RawRequest.line("GET / HTTP/9.9"), 505, "http-version-not-supported"));
  }

  private static final String HOLDS = "/v1/holds";
  private static final String NO_HOLD = "0198f2f0-0000-8000-8000-00000000000a";
  private static final String UNIT = "{\"sku\":\"BAD-INPUT-IT\",\"quantity\":1}";
  private static final String PRICED =
      "{\"sku\":\"BAD-INPUT-IT\",\"quantity\":1,\"unitPrice\":{\"amount\":1,\"currency\":\"GBP\"}}";

  private static String order(String lines, String others) {
    return "{\"orderId\":\"o\",\"lines\":[" + lines + "]" + others + "}";
  }

  private static String times(int count, String line) {
    return String.join(",", Collections.nCopies(count, line));
  }

  private static List<Arguments> holds() {
    String command = "invalid-command";
    String ttl = ",\"ttlSeconds\":9";
    Stream<Arguments> times =
        Stream.of("0", "-1", "86401", "1.5", "1e3", "\"9\"", "null", "9223372036854775808")
            .map(
                seconds ->
                    bad(
                        "a hold for " + seconds + " seconds",
                        post(HOLDS, order(UNIT, ",\"ttlSeconds\":" + seconds)),
                        400,
                        command));
    Stream<Arguments> orders =
        Stream.of(
                arguments("no lines", order("", "")),
                arguments("101 lines", order(times(101, UNIT), "")),
                arguments("lines that are none", order("7,null,[],\"x\"", "")),
                arguments("a line of no units", order(UNIT.replace("1}", "0}"), "")),
                arguments(
                    "a line of 2^53 units", order(UNIT.replace("1}", "9007199254740992}"), "")),
                arguments(
                    "a line with an unknown member", order(UNIT.replace("}", ",\"x\":1}"), "")),
                arguments("a location twice", order(UNIT, ",\"locations\":[\"A\",\"B\",\"A\"]")),
                arguments(
                    "17 locations",
                    order(
                        UNIT,
                        IntStream.range(0, 17)
                            .mapToObj(i -> "\"L" + i + "\"")
                            .collect(Collectors.joining(",", ",\"locations\":[", "]")))),
                arguments(
                    "a location with a line end", order(UNIT, ",\"locations\":[\"A\\r\\nB\"]")),
                arguments(
                    "an unknown member", order(UNIT, ",\"expiresAt\":\"2026-12-01T12:00:00Z\"")))
            .flatMap(
                order ->
                    Stream.of(
                        bad(
                            "a hold with " + order.get()[0],
                            post(
                                HOLDS,
                                String.valueOf(order.get()[1]).replaceFirst("}$", ttl + "}")),
                            400,
                            command),
                        bad(
                            "a deduction with " + order.get()[0],
                            post("/v1/deductions", String.valueOf(order.get()[1])),
                            400,
                            command)));
    Stream<Arguments> others =
        Stream.of(
            bad("a hold without a time", post(HOLDS, order(UNIT, "")), 400, command),
            bad(
                "a hold of lines with a price and without",
                post(HOLDS, order(PRICED + "," + UNIT, ttl)),
                400,
                command),
            bad(
                "a hold in two currencies",
                post(HOLDS, order(PRICED + "," + PRICED.replace("GBP", "EUR"), ttl)),
                400,
                command),
            bad(
                "a hold that costs more than there is",
                post(
                    HOLDS,
                    order(
                        times(2, PRICED.replace("\"amount\":1", "\"amount\":9007199254740991")),
                        ttl)),
                400,
                command),
            bad(
                "a hold with coupons and no price",
                post(HOLDS, order(UNIT, ttl + ",\"coupons\":[\"X\"]")),
                400,
                command),
            bad(
                "a hold with a category and no price",
                post(HOLDS, order(UNIT.replace("}", ",\"category\":\"mugs\"}"), ttl)),
                400,
                command),
            bad(
                "a hold with its lines twice",
                post(HOLDS, order(UNIT, ttl + ",\"lines\":[" + UNIT + "]")),
                400,
                "malformed-json"),
            bad(
                "a hold with the units of a line twice",
                post(HOLDS, order(UNIT.replace("}", ",\"quantity\":2}"), ttl)),
                400,
                "malformed-json"),
            bad(
                "a hold that is to have a version",
                post(HOLDS, order(UNIT, ttl)).header("If-Match", "\"0\""),
                400,
                "nothing-to-match"),
            bad(
                "a deduction of many items that are to have one version",
                post("/v1/deductions", order(UNIT, "")).header("If-Match", "\"0\""),
                400,
                "nothing-to-match"),
            bad(
                "a hold that is to have a version that is none",
                post(HOLDS, order(UNIT, ttl)).header("If-Match", "0"),
                400,
                "if-match-malformed"),
            bad(
                "a deduction with a price",
                post("/v1/deductions", order(PRICED, "")),
                400,
                command),
            bad("a deduction for a time", post("/v1/deductions", order(UNIT, ttl)), 400, command),
            bad("all holds", RawRequest.of("GET", HOLDS), 400, "missing-parameter"));
    return Stream.of(times, orders, others).flatMap(each -> each).toList();
  }

  private static List<Arguments> secondSteps() {
    String command = "invalid-command";
    String hold = HOLDS + "/" + NO_HOLD;
    Stream<Arguments> ids =
        Stream.of(
                NO_HOLD.toUpperCase(Locale.ROOT),
                NO_HOLD.replace("-", ""),
                "{" + NO_HOLD + "}",
                "1-1-1-1-1",
                NO_HOLD + "%20",
                NO_HOLD + "%0D%0Ax",
                "%0D%0A",
                "hold:" + NO_HOLD,
                "*",
                "a".repeat(300))
            .flatMap(
                id -> {
                  String path = HOLDS + "/" + id.replace("{", "%7B").replace("}", "%7D");
                  return Stream.of(
                      bad(
                          "a confirmation of " + id,
                          post(path + "/confirmation", "{}"),
                          400,
                          command),
                      bad(
                          "an extension of " + id,
                          post(path + "/extension", "{\"ttlSeconds\":9}"),
                          400,
                          command),
                      bad("a release of " + id, keyed("DELETE", path), 400, command),
                      bad("a look at " + id, RawRequest.of("GET", path), 400, "invalid-value"));
                });
    Stream<Arguments> others =
        Stream.of(
            bad("a look at no hold", RawRequest.of("GET", hold), 404, "unknown-hold"),
            bad(
                "a look with a parameter",
                RawRequest.of("GET", hold + "?at=now"),
                400,
                "unknown-parameter"),
            bad("an extension without a time", post(hold + "/extension", "{}"), 400, command),
            bad(
                "an extension by more than a day",
                post(hold + "/extension", "{\"ttlSeconds\":86401}"),
                400,
                command),
            bad(
                "a confirmation of 101 lines",
                post(hold + "/confirmation", "{\"lines\":[" + times(101, UNIT) + "]}"),
                400,
                command),
            bad(
                "a confirmation at another price",
                post(hold + "/confirmation", "{\"lines\":[" + PRICED + "]}"),
                400,
                command),
            bad(
                "a confirmation with a rest that nobody knows",
                post(hold + "/confirmation", "{\"rest\":\"sell\"}"),
                400,
                command),
            bad(
                "a confirmation with the hold in its body",
                post(hold + "/confirmation", "{\"hold\":\"" + NO_HOLD + "\"}"),
                400,
                command),
            bad(
                "a confirmation of nothing at all",
                post(hold + "/confirmation", ""),
                400,
                "malformed-json"),
            bad("a release of a part", keyed("DELETE", hold + "?sku=A"), 400, command));
    return Stream.concat(ids, others).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void a_bad_request_is_told_its_problem_and_leaves_nothing(
      String name, byte[] request, int status, String type) throws Exception {
    LedgerSize before = LedgerSize.of(bincard);

    Reply reply = inTime(request);

    assertThat(reply.body()).isNotEmpty();
    JsonNode problem = JSON.readTree(reply.body());
    assertThat(problem.path("type").asString()).as(reply.body()).isEqualTo("/problems/" + type);
    assertThat(problem.path("title").asString()).isNotBlank();
    assertThat(problem.path("detail").asString()).isNotBlank();
    assertThat(reply.status()).isEqualTo(status);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
    Leaks.assertNone(reply.body() + reply.headers());
    assertThat(LedgerSize.of(bincard)).isEqualTo(before);
  }

  /** The answer; one that took long may have met a busy machine and must come in time once more. */
  private static Reply inTime(byte[] request) throws IOException {
    long start = System.nanoTime();
    Reply reply = RawHttp.exchange(bincard.uri("/"), request);
    if (System.nanoTime() - start > NO_HANG.toNanos()) {
      start = System.nanoTime();
      reply = RawHttp.exchange(bincard.uri("/"), request);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(NO_HANG);
    }
    return reply;
  }

  // Lines

  static Stream<Arguments> lines() {
    String json = "malformed-json";
    String command = "invalid-command";
    String deduct = "\"sku\":\"BAD-INPUT-IT\",\"quantity\":1,\"orderId\":\"o-1\"";
    return Stream.of(
        arguments("nothing", "", json),
        arguments("blanks", "   ", json),
        arguments("an array", "[]", json),
        arguments("no JSON", "hello", json),
        arguments("a byte order mark", "\uFEFF" + LINE.strip(), json),
        arguments("half a line", LINE.substring(0, 40), json),
        arguments("two commands", LINE.strip() + LINE.strip(), json),
        arguments("10,000 arrays", "[".repeat(DEEP), json),
        arguments("16 KiB and a byte", " ".repeat(MAX_LINE + 1), "line-too-long"),
        arguments("a megabyte", "x".repeat(MEGABYTE), "line-too-long"),
        arguments(
            "no key", "{\"type\":\"deduct-stock\"," + deduct + "}", "idempotency-key-missing"),
        arguments(
            "a key that is a number",
            "{\"key\":1,\"type\":\"deduct-stock\"," + deduct + "}",
            "idempotency-key-missing"),
        arguments(
            "a key with a line end",
            "{\"key\":\"a\\nb\",\"type\":\"deduct-stock\"," + deduct + "}",
            "idempotency-key-malformed"),
        arguments(
            "a key with half a surrogate pair",
            "{\"key\":\"\\ud800\",\"type\":\"deduct-stock\"," + deduct + "}",
            "idempotency-key-malformed"),
        arguments("no type", "{\"key\":\"bad-line\"," + deduct + "}", command),
        arguments(
            "an unknown type", "{\"key\":\"bad-line\",\"type\":\"steal\"," + deduct + "}", command),
        arguments(
            "a type that names a class",
            "{\"key\":\"bad-line\",\"type\":\"io.bincard.domain.stock.StockCommand$DeductStock\","
                + deduct
                + "}",
            command),
        arguments(
            "a type that is a number", "{\"key\":\"bad-line\",\"type\":7," + deduct + "}", command),
        arguments(
            "an unknown member",
            "{\"key\":\"bad-line\",\"type\":\"deduct-stock\",\"x\":1," + deduct + "}",
            command),
        arguments(
            "a hold of 101 lines",
            "{\"key\":\"bad-line\",\"type\":\"place-hold\",\"ttlSeconds\":9,"
                + order(times(101, UNIT), "").substring(1),
            command),
        arguments(
            "a release of no hold's id",
            "{\"key\":\"bad-line\",\"type\":\"release-hold\",\"hold\":\"a\\r\\nb\"}",
            command),
        arguments(
            "an end of holds, which only the ledger asks for",
            "{\"key\":\"bad-line\",\"type\":\"expire-holds\",\"holds\":[\"" + NO_HOLD + "\"]}",
            command),
        arguments(
            "a key twice",
            "{\"key\":\"bad-line\",\"key\":\"b\",\"type\":\"deduct-stock\"," + deduct + "}",
            json));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void a_bad_line_is_answered_as_invalid_and_leaves_nothing(String name, String line, String type)
      throws Exception {
    LedgerSize before = LedgerSize.of(bincard);

    Reply reply = inTime(batch("", line + "\n").toBytes());

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).startsWith("application/x-ndjson");
    List<String> answers = reply.body().lines().toList();
    assertThat(answers).hasSize(1);
    JsonNode answer = JSON.readTree(answers.getFirst());
    assertThat(answer.path("status").asString()).isEqualTo("invalid");
    assertThat(answer.path("line").asInt()).isEqualTo(1);
    assertThat(answer.path("problem").path("type").asString()).isEqualTo("/problems/" + type);
    Leaks.assertNone(answers.getFirst());
    assertThat(LedgerSize.of(bincard)).isEqualTo(before);
  }

  @Test
  void a_gigabyte_of_newlines_ends_where_it_inflates_too_much() throws Exception {
    LedgerSize before = LedgerSize.of(bincard);
    Reply reply = RawHttp.exchange(bincard.uri("/"), zipped("", bomb((byte) '\n')).toBytes());
    List<String> answers = reply.body().lines().toList();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(answers).hasSizeLessThan(8 * MEGABYTE);
    assertThat(answers.getLast()).contains("\"status\":\"invalid\"", "/problems/inflates-too-much");
    assertThat(LedgerSize.of(bincard)).isEqualTo(before);
  }

  @Test
  void a_key_that_bad_requests_carried_is_free_for_a_good_one() throws Exception {
    String key = "bad-input-good-in-the-end";
    assertThat(bincard.post(DEDUCTIONS, key, "{\"quantity\":0,\"orderId\":\"o\"}").statusCode())
        .isEqualTo(400);
    assertThat(bincard.get("/v1/commands/" + key).statusCode()).isEqualTo(404);

    assertThat(bincard.post(DEDUCTIONS, key, DEDUCTION).statusCode()).isEqualTo(201);
  }

  @Test
  void a_sum_that_overflows_is_a_refusal_and_leaves_the_stock_alone() throws Exception {
    String item = "/v1/stock/BAD-INPUT-SUM";
    bincard.post(
        "/v1/stock-items",
        "bad-input-sum-1",
        "{\"sku\":\"BAD-INPUT-SUM\",\"openingQuantity\":9007199254740991}");

    HttpResponse<String> answer =
        bincard.post(item + "/receipts", "bad-input-sum-2", "{\"quantity\":9007199254740991}");

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"type\":\"/problems/quantity-limit-exceeded\"");
    assertThat(bincard.get(item).body()).contains("\"onHand\":9007199254740991,");
  }

  @Test
  void the_units_of_many_lines_are_summed_and_do_not_wrap() throws Exception {
    String most = times(100, UNIT.replace("1}", "9007199254740991}"));
    long sum = Math.multiplyExact(100, 9_007_199_254_740_991L);

    for (String answer :
        List.of(
            bincard.post(HOLDS, "bad-input-most-1", order(most, ",\"ttlSeconds\":9")).body(),
            bincard.post("/v1/deductions", "bad-input-most-2", order(most, "")).body())) {
      JsonNode refusal = JSON.readTree(answer);

      assertThat(refusal.path("type").asString()).as(answer).isEqualTo("/problems/order-refused");
      assertThat(refusal.at("/insufficient/0/requested").asLong()).isEqualTo(sum);
    }
  }

  @Test
  void a_bad_member_of_a_hold_is_named_with_its_place() throws Exception {
    String answer =
        bincard
            .post(
                HOLDS,
                "bad-input-place",
                "{\"orderId\":\"*\",\"lines\":[" + UNIT + ",{\"sku\":\"A\",\"x\":1}]}")
            .body();

    assertThat(JSON.readTree(answer).path("errors").findValuesAsString("pointer"))
        .containsExactlyInAnyOrder("/orderId", "/lines/1/quantity", "/lines/1/x", "/ttlSeconds");
    assertThat(
            bincard
                .post(HOLDS + "/" + NO_HOLD.toUpperCase(Locale.ROOT) + "/confirmation", "x", "{}")
                .body())
        .contains("\"pointer\":\"/hold\"");
  }

  @Test
  void two_hundred_of_the_longest_skus_fit_one_question() throws Exception {
    String skus =
        IntStream.range(0, 200)
            .mapToObj(i -> "S".repeat(61) + (100 + i))
            .collect(Collectors.joining(","));

    assertThat(bincard.get("/v1/stock?skus=" + skus).statusCode()).isEqualTo(200);
  }
}
