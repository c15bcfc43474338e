package io.bincard.application.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RedisClient;
import io.bincard.application.fixture.RunningBincard;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker as an auditor runs it. */
class CheckHistoryIT {

  @TempDir private Path folder;

  private String printed = "";

  @Test
  void says_whether_what_was_told_holds_in_the_ledger() throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      URI redis = URI.create(bincard.property("spring.data.redis.url"));
      Path file = folder.resolve("history.jsonl");
      try (History history = new History(file)) {
        tell(bincard, history, Command.register("k1", "A", 5));
        tell(bincard, history, Command.deduct("k2", "A", 2, "o-1"));
        tell(bincard, history, Command.deduct("k3", "A", 9, "o-2"));
        tell(bincard, history, Command.deduct("k3", "A", 9, "o-2"));
      }
      List<String> options =
          List.of(
              "--history",
              file.toString(),
              "--database",
              bincard.property("spring.datasource.url"),
              "--ledger",
              bincard.property("bincard.ledger"),
              "--redis",
              redis.toString(),
              "--least");
      awaitViews(redis, 2);

      assertThat(run(options, "2,1,1")).isZero();
      assertThat(printed)
          .contains("2 events of 1 items; 2 told done, 1 refused, 1 replays; 0 violations")
          .endsWith("HOLDS\n");
      assertThat(run(options, "3,1,1")).isOne();
      assertThat(printed).endsWith("VOID: too little happened\n");

      bincard.post("/v1/stock/A/receipts", "k4", "{\"quantity\":1}");
      awaitViews(redis, 3);

      assertThat(run(options, "2,1,1")).isOne();
      assertThat(printed).contains("I1 k4 at 3 was never sent").endsWith("DOES NOT HOLD\n");
      assertThat(run(options, "2,1,1", "--partial", "yes")).isZero();

      try (RedisClient client = RedisClient.open(redis)) {
        String generation = ViewRows.generation(client);
        client.ask("HSET", generation + "availability:A@MAIN", "onHand", "9");
        String epoch = client.ask("HGET", generation + "mark", "epoch").getFirst();
        client.ask("HSET", generation + "availability:GHOST@MAIN", "epoch", epoch, "onHand", "1");
      }

      assertThat(run(options, "2,1,1", "--partial", "yes")).isOne();
      assertThat(printed)
          .contains(
              "I7 the view of stock:A@MAIN is ",
              "I7 the view of stock:GHOST@MAIN is {onHand=1} and not {}");
    }
  }

  @Test
  void says_what_it_needs() throws Exception {
    assertThat(run(List.of("--help"))).isZero();
    assertThat(printed).isEqualTo(CheckHistory.HELP);
    assertThat(run(List.of("--history", "a"))).isEqualTo(2);
    assertThat(printed).contains("--history and --database are required");
  }

  private static void awaitViews(URI redis, long position) {
    await().atMost(Duration.ofSeconds(30)).until(() -> ViewRows.reached(redis) == position);
  }

  private int run(List<String> options, String... more) throws Exception {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int exit = CheckHistory.run(all, new PrintStream(out, true, UTF_8));
    printed = out.toString(UTF_8);
    return exit;
  }

  private static void tell(RunningBincard bincard, History history, Command command)
      throws Exception {
    history.sends(command);
    HttpResponse<String> answer = bincard.post(command.path(), command.key(), command.body());
    assertThat(answer.statusCode()).as(answer.body()).isIn(201, 409);
    history.isTold(
        command.key(),
        answer.statusCode(),
        answer.body(),
        answer.headers().firstValue("Idempotency-Replayed").isPresent());
  }
}
