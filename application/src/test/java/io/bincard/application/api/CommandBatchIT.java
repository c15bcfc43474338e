package io.bincard.application.api;

import static io.bincard.application.api.Zipped.gzip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RawHttp;
import io.bincard.application.fixture.RawHttp.Reply;
import io.bincard.application.fixture.RawRequest;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.writer.CommandGroup;
import io.bincard.application.writer.SingleWriterCommandBus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.axonframework.common.Registration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many commands in one request: what each line is told, and when. */
class CommandBatchIT {

  private static final RunningBincard bincard = RunningBincard.shared();

  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_GROUP = 500;
  private static final int CHUNK_BYTES = 32 * 1024;
  private static final String END = "";
  private static final Duration WHILE = Duration.ofMillis(300);

  private static String register(String key, String sku, int units) {
    return "{\"key\":\"%s\",\"type\":\"register-stock-item\",\"sku\":\"%s\",\"openingQuantity\":%d}\n"
        .formatted(key, sku, units);
  }

  private static String deduct(String key, String sku, int units) {
    return "{\"key\":\"%s\",\"type\":\"deduct-stock\",\"sku\":\"%s\",\"quantity\":%d,\"orderId\":\"o\"}\n"
        .formatted(key, sku, units);
  }

  private static String done(String key, String sku, int version, long position, int onHand) {
    return "{\"key\":\"%s\",\"status\":\"done\",\"stream\":\"stock:%s@MAIN\",\"version\":%d,\"position\":%d,\"onHand\":%d,\"reserved\":0,\"available\":%d}"
        .formatted(key, sku, version, position, onHand, onHand);
  }

  private static String soldOut(String key, String sku, int requested, int available) {
    return "{\"key\":\"%1$s\",\"status\":\"rejected\",\"problem\":{\"type\":\"/problems/insufficient-stock\",\"title\":\"Insufficient stock\",\"status\":409,\"detail\":\"%2$s at MAIN: %3$d requested, %4$d available\",\"sku\":\"%2$s\",\"location\":\"MAIN\",\"requested\":%3$d,\"available\":%4$d}}"
        .formatted(key, sku, requested, available);
  }

  private static String skipped(String key) {
    return "{\"key\":\"" + key + "\",\"status\":\"skipped\"}";
  }

  private static String invalid(int line, String type, String title, int status, String detail) {
    return "{\"status\":\"invalid\",\"line\":%d,\"problem\":{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}}"
        .formatted(line, type, title, status, detail);
  }

  private static String noObject(int line) {
    return invalid(line, "malformed-json", "Malformed JSON", 400, "a JSON object is expected");
  }

  private static String replayed(String answer) {
    return answer.replaceFirst("}$", ",\"replayed\":true}");
  }

  private static List<String> answers(String onError, String lines) throws Exception {
    HttpResponse<String> answer = bincard.batch(onError, lines);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    assertThat(answer.body()).endsWith("\n");
    return answer.body().lines().toList();
  }

  private static LedgerSize size() {
    return LedgerSize.of(bincard);
  }

  private static int statusOf(String key) throws Exception {
    return bincard.get("/v1/commands/" + key).statusCode();
  }

  // The three policies

  @Test
  void continue_runs_every_line_that_is_a_command() throws Exception {
    long position = size().position();

    assertThat(
            answers(
                "continue",
                register("bc-1", "BATCH-C", 5)
                    + deduct("bc-2", "BATCH-C", 3)
                    + "\n"
                    + deduct("bc-3", "BATCH-C", 30)
                    + "x".repeat(MAX_LINE + 1)
                    + "\n"
                    + deduct("bc-4", "BATCH-C", 0).replace("deduct", "steal")
                    + "  \r\n"
                    + deduct("bc-2", "BATCH-C", 3).replace("\n", "\r\n")
                    + deduct("bc-5", "BATCH-C", 2).strip()))
        .satisfiesExactly(
            a -> assertThat(a).isEqualTo(done("bc-1", "BATCH-C", 0, position + 1, 5)),
            a -> assertThat(a).isEqualTo(done("bc-2", "BATCH-C", 1, position + 2, 2)),
            a -> assertThat(a).isEqualTo(noObject(3)),
            a -> assertThat(a).isEqualTo(soldOut("bc-3", "BATCH-C", 30, 2)),
            a ->
                assertThat(a)
                    .isEqualTo(
                        invalid(
                            5,
                            "line-too-long",
                            "Line too long",
                            400,
                            "a line has at most 16384 bytes")),
            a ->
                assertThat(a)
                    .startsWith(
                        "{\"key\":\"bc-4\",\"status\":\"invalid\",\"line\":6,"
                            + "\"problem\":{\"type\":\"/problems/invalid-command\",")
                    .contains(
                        "/type must be one of activate-policy, adjust-stock, apply-discount,"),
            a -> assertThat(a).isEqualTo(noObject(7)),
            a -> assertThat(a).isEqualTo(replayed(done("bc-2", "BATCH-C", 1, position + 2, 2))),
            a -> assertThat(a).isEqualTo(done("bc-5", "BATCH-C", 2, position + 3, 0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?onError=continue"})
  void nothing_at_all_is_answered_with_nothing(String query) throws Exception {
    Reply reply = RawHttp.exchange(bincard.uri("/"), batch(query, new byte[0]).toBytes());

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void stop_skips_all_lines_behind_the_first_that_is_not_done() throws Exception {
    long position = size().position();
    String lines =
        register("bs-1", "BATCH-S", 5)
            + deduct("bs-2", "BATCH-S", 9)
            + deduct("bs-3", "BATCH-S", 1)
            + deduct("bs-1", "BATCH-S", 1);

    assertThat(answers("stop", lines))
        .containsExactly(
            done("bs-1", "BATCH-S", 0, position + 1, 5),
            soldOut("bs-2", "BATCH-S", 9, 5),
            skipped("bs-3"),
            skipped("bs-1"));
    assertThat(statusOf("bs-2")).isEqualTo(200);
    assertThat(statusOf("bs-3")).isEqualTo(404);
    assertThat(answers("stop", "[]\n" + deduct("bs-3", "BATCH-S", 1)))
        .containsExactly(noObject(1), skipped("bs-3"));
    assertThat(answers("stop", deduct("bs-3", "BATCH-S", 1)))
        .containsExactly(done("bs-3", "BATCH-S", 1, position + 2, 4));
  }

  @Test
  void stop_skips_later_groups_too() throws Exception {
    answers("stop", register("bsg", "BATCH-SG", 5));
    LedgerSize before = size();
    StringBuilder lines = new StringBuilder(deduct("bsg-0", "BATCH-SG", 6));
    IntStream.range(1, 3_000).forEach(i -> lines.append(deduct("bsg-" + i, "BATCH-SG", 1)));

    List<String> answers = answers("stop", lines.toString());

    assertThat(answers).hasSize(3_000).startsWith(soldOut("bsg-0", "BATCH-SG", 6, 5));
    assertThat(answers.subList(1, 3_000))
        .isEqualTo(IntStream.range(1, 3_000).mapToObj(i -> skipped("bsg-" + i)).toList());
    assertThat(size()).isEqualTo(new LedgerSize(before.position(), before.receipts() + 1));
  }

  @Test
  void atomic_does_all_lines_or_none_and_the_keys_of_none_are_free() throws Exception {
    LedgerSize before = size();
    String refused =
        register("ba-1", "BATCH-A", 5)
            + deduct("ba-2", "BATCH-A", 4)
            + deduct("ba-3", "BATCH-A", 2)
            + deduct("ba-4", "BATCH-A", 1);

    assertThat(answers("atomic", refused))
        .containsExactly(
            skipped("ba-1"), skipped("ba-2"), soldOut("ba-3", "BATCH-A", 2, 1), skipped("ba-4"));
    assertThat(size()).isEqualTo(new LedgerSize(before.position(), before.receipts() + 1));
    assertThat(bincard.get("/v1/stock/BATCH-A").statusCode()).isEqualTo(404);
    assertThat(List.of(statusOf("ba-1"), statusOf("ba-2"), statusOf("ba-3"), statusOf("ba-4")))
        .containsExactly(404, 404, 200, 404);

    String possible =
        register("ba-1", "BATCH-A", 5)
            + deduct("ba-2", "BATCH-A", 4)
            + deduct("ba-4", "BATCH-A", 1);
    List<String> all =
        List.of(
            done("ba-1", "BATCH-A", 0, before.position() + 1, 5),
            done("ba-2", "BATCH-A", 1, before.position() + 2, 1),
            done("ba-4", "BATCH-A", 2, before.position() + 3, 0));
    assertThat(answers("atomic", possible)).isEqualTo(all);
    assertThat(answers("atomic", possible))
        .isEqualTo(all.stream().map(CommandBatchIT::replayed).toList());
    assertThat(answers("atomic", refused))
        .as("the key that was told no is told so again, and so is the batch")
        .containsExactly(
            replayed(all.getFirst()),
            replayed(all.get(1)),
            replayed(soldOut("ba-3", "BATCH-A", 2, 1)),
            skipped("ba-4"));
    assertThat(size().position()).isEqualTo(before.position() + 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"key\":\"bi-x\",\"type\":\"steal-stock\"}"})
  void an_atomic_batch_with_a_line_that_is_no_command_stores_nothing(String bad) throws Exception {
    LedgerSize before = size();

    List<String> answers =
        answers(
            "atomic", register("bi-1", "BATCH-I", 5) + bad + "\n" + deduct("bi-2", "BATCH-I", 9));

    assertThat(answers).hasSize(3).startsWith(skipped("bi-1")).endsWith(skipped("bi-2"));
    assertThat(answers.get(1)).contains("\"status\":\"invalid\",\"line\":2,");
    assertThat(size()).isEqualTo(before);
  }

  // Answers while the request is still coming in

  private static RawHttp open(String... headers) throws IOException {
    RawHttp http = RawHttp.connect(bincard.uri("/"));
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "Content-Type: application/x-ndjson";
    http.sendChunkedHead("POST /v1/commands", all);
    return http;
  }

  private static void send(RawHttp http, String text) throws IOException {
    http.sendChunk(text.getBytes(UTF_8));
  }

  @Test
  void a_line_is_answered_before_the_next_one_is_sent() throws Exception {
    long position = size().position();
    try (RawHttp http = open()) {
      send(http, register("st-0", "STREAM", 100));
      assertThat(http.replyHead().status()).isEqualTo(200);
      assertThat(http.bodyLine()).isEqualTo(done("st-0", "STREAM", 0, position + 1, 100));
      for (int i = 1; i <= 5; i++) {
        String line = deduct("st-" + i, "STREAM", 1);
        send(http, line + line.substring(0, 20));
        assertThat(http.bodyLine())
            .isEqualTo(done("st-" + i, "STREAM", i, position + 1 + i, 100 - i));
        send(http, line.substring(20));
        assertThat(http.bodyLine()).contains("\"replayed\":true");
      }
      send(http, END);
      assertThat(http.rest()).isEmpty();
    }
  }

  @Test
  void a_packed_line_is_answered_before_the_next_one_is_sent() throws Exception {
    long position = size().position();
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (RawHttp http = open("Content-Encoding: gzip");
        GZIPOutputStream gzip = new GZIPOutputStream(zipped, true)) {
      gzip.write(register("sz-0", "STREAM-Z", 100).getBytes(UTF_8));
      sendWhatIsPacked(http, gzip, zipped);
      assertThat(http.replyHead().status()).isEqualTo(200);
      assertThat(http.bodyLine()).isEqualTo(done("sz-0", "STREAM-Z", 0, position + 1, 100));
      for (int i = 1; i <= 5; i++) {
        gzip.write(deduct("sz-" + i, "STREAM-Z", 1).getBytes(UTF_8));
        sendWhatIsPacked(http, gzip, zipped);
        assertThat(http.bodyLine())
            .isEqualTo(done("sz-" + i, "STREAM-Z", i, position + 1 + i, 100 - i));
      }
      gzip.finish();
      sendWhatIsPacked(http, gzip, zipped);
      send(http, END);
      assertThat(http.rest()).isEmpty();
    }
  }

  private static void sendWhatIsPacked(
      RawHttp http, GZIPOutputStream gzip, ByteArrayOutputStream zipped) throws IOException {
    gzip.flush();
    http.sendChunk(zipped.toByteArray());
    zipped.reset();
  }

  // Senders that go away

  @Test
  void a_sender_that_dies_within_a_line_has_sent_the_lines_before_it() throws Exception {
    long position = size().position();
    try (RawHttp http = open()) {
      send(
          http,
          register("dies-0", "DIES", 9)
              + deduct("dies-1", "DIES", 1)
              + deduct("dies-2", "DIES", 1).strip());
      http.sendNoMore();

      assertThat(http.replyHead().status()).isEqualTo(200);
      assertThat(http.bodyLine()).isEqualTo(done("dies-0", "DIES", 0, position + 1, 9));
      assertThat(http.bodyLine()).isEqualTo(done("dies-1", "DIES", 1, position + 2, 8));
      assertThat(http.bodyLine())
          .isEqualTo(
              invalid(
                  3,
                  "incomplete-body",
                  "Incomplete body",
                  400,
                  "the body broke off before its end"));
    }
    assertThat(statusOf("dies-2")).isEqualTo(404);
    assertThat(size().position()).isEqualTo(position + 2);
  }

  @Test
  void what_was_answered_before_the_connection_was_cut_stays_and_others_are_served()
      throws Exception {
    List<RawHttp> cut = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      RawHttp http = open();
      send(http, register("cut-" + i, "CUT-" + i, 9));
      assertThat(http.replyHead().status()).isEqualTo(200);
      assertThat(http.bodyLine()).contains("\"status\":\"done\"");
      send(http, deduct("cut-half-" + i, "CUT-" + i, 1).strip());
      cut.add(http);
    }
    for (RawHttp http : cut) {
      http.cut();
    }

    assertThat(answers("continue", deduct("cut-after", "CUT-0", 1)))
        .singleElement()
        .asString()
        .contains("\"version\":1,");
    for (int i = 0; i < 50; i++) {
      assertThat(statusOf("cut-" + i)).isEqualTo(200);
      assertThat(statusOf("cut-half-" + i)).isEqualTo(404);
    }
  }

  // Many lines

  private static RawRequest batch(String query, byte[] body) {
    return RawRequest.of("POST", "/v1/commands" + query)
        .bytes(body)
        .header("Content-Type", "application/x-ndjson");
  }

  private static byte[] manyLines(String sku, int count) {
    StringBuilder lines = new StringBuilder(register(sku + "-0", sku, count));
    IntStream.range(1, count).forEach(i -> lines.append(deduct(sku + "-" + i, sku, 1)));
    return lines.toString().getBytes(UTF_8);
  }

  private static CompletableFuture<Void> sendMeanwhile(RawHttp http, byte[] body) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            for (int from = 0; from < body.length; from += CHUNK_BYTES) {
              http.sendChunk(
                  Arrays.copyOfRange(body, from, Math.min(from + CHUNK_BYTES, body.length)));
            }
            send(http, END);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void assertAnsweredInOrder(RawHttp http, String sku, int count, long position)
      throws IOException {
    assertThat(http.replyHead().status()).isEqualTo(200);
    for (int i = 0; i < count; i++) {
      assertThat(http.bodyLine())
          .isEqualTo(done(sku + "-" + i, sku, i, position + 1 + i, count - i));
    }
    assertThat(http.rest()).isEmpty();
  }

  /** The sizes of the groups that the writer is given. */
  private static final class Groups implements AutoCloseable {

    private final List<Integer> sizes = new CopyOnWriteArrayList<>();
    private final Registration watching =
        bincard
            .bean(SingleWriterCommandBus.class)
            .registerDispatchInterceptor(
                messages ->
                    (i, message) -> {
                      if (message.getPayload() instanceof CommandGroup group) {
                        sizes.add(group.lines().size());
                      }
                      return message;
                    });

    double average() {
      return sizes.stream().mapToInt(size -> size).average().orElse(0);
    }

    int lines() {
      return sizes.stream().mapToInt(size -> size).sum();
    }

    @Override
    public void close() {
      watching.cancel();
    }
  }

  /** What comes as it is comes in the portions that Tomcat reads, 8 KB; gzip has more in each. */
  @ParameterizedTest
  @CsvSource({"MANY,20000,identity,50", "MANY-Z,8000,gzip,250"})
  void many_lines_are_answered_in_order_and_go_in_large_groups(
      String sku, int count, String encoding, double smallestAverage) throws Exception {
    byte[] plain = manyLines(sku, count);
    long position = size().position();
    try (RawHttp http = open("Content-Encoding: " + encoding);
        Groups groups = new Groups()) {
      CompletableFuture<Void> sending =
          sendMeanwhile(http, encoding.equals("gzip") ? gzip(plain) : plain);

      assertAnsweredInOrder(http, sku, count, position);
      sending.join();
      assertThat(groups.lines()).isEqualTo(count);
      assertThat(groups.average()).isBetween(smallestAverage, (double) MAX_GROUP);
    }
  }

  @Test
  void lines_wait_with_their_sender_while_the_writer_is_busy() throws Exception {
    byte[] lines = manyLines("BUSY", 4_000);
    long position = size().position();
    CountDownLatch busy = new CountDownLatch(1);
    Registration holding =
        bincard
            .bean(SingleWriterCommandBus.class)
            .registerHandlerInterceptor(
                (unitOfWork, chain) -> {
                  busy.await();
                  return chain.proceed();
                });
    try (RawHttp http = open();
        Groups groups = new Groups()) {
      CompletableFuture<Void> sending = sendMeanwhile(http, lines);
      // four under way, one whose answers are awaited, one that waits to get under way
      await().until(() -> groups.sizes.size() == 6);
      await().during(WHILE).until(() -> groups.sizes.size() == 6);
      busy.countDown();

      assertAnsweredInOrder(http, "BUSY", 4_000, position);
      sending.join();
    } finally {
      busy.countDown();
      holding.cancel();
    }
  }
}
