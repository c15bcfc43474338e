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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker as an auditor runs it. */
class CheckHistoryIT {

  @TempDir private Path folder;

  private final RunningBincard bincard = RunningBincard.withOwnLedger();
  private final URI redis = URI.create(bincard.property("spring.data.redis.url"));
  private Path file = Path.of("");
  private String printed = "";

  @BeforeEach
  void a_registration_a_sale_a_refusal_and_a_retry() throws Exception {
    file = folder.resolve("history.jsonl");
    try (History history = new History(file)) {
      tell(history, Command.register("k1", "A", 5));
      tell(history, Command.deduct("k2", "A", 2, "o \"1\""));
      tell(history, Command.deduct("k3", "A", 9, "o-2"));
      tell(history, Command.deduct("k3", "A", 9, "o-2"));
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> ViewRows.reached(redis) == 2);
  }

  @AfterEach
  void stop() {
    bincard.close();
  }

  @Test
  void says_that_all_holds() throws Exception {
    assertThat(check()).isZero();
    assertThat(printed)
        .contains("2 events of 1 items; 2 told done, 1 refused, 1 replays; 0 violations")
        .endsWith("HOLDS\n");
  }

  @Test
  void says_that_too_little_happened_to_show_anything() throws Exception {
    assertThat(check("--least", "3,0,0")).isOne();
    assertThat(printed).endsWith("VOID: too little happened\n");
  }

  @Test
  void finds_a_command_that_the_history_does_not_know_unless_there_are_others() throws Exception {
    bincard.post("/v1/stock/A/receipts", "k4", "{\"quantity\":1}");
    await().atMost(Duration.ofSeconds(30)).until(() -> ViewRows.reached(redis) == 3);

    assertThat(check()).isOne();
    assertThat(printed).contains("I1 k4 at 3 was never sent").endsWith("DOES NOT HOLD\n");
    assertThat(check("--partial", "yes")).isZero();
  }

  @Test
  void finds_a_view_that_is_wrong_or_should_not_be() throws Exception {
    try (RedisClient client = RedisClient.open(redis)) {
      client.ask("HSET", "bincard:main:availability:A@MAIN", "onHand", "4");
      String epoch = client.ask("HGET", "bincard:main:views", "epoch").getFirst();
      client.ask("HSET", "bincard:main:availability:GHOST@MAIN", "epoch", epoch, "onHand", "1");
    }

    assertThat(check()).isOne();
    assertThat(printed)
        .contains(
            "I7 the view of stock:A@MAIN is ",
            "I7 the view of stock:GHOST@MAIN is {onHand=1} and not {}");
  }

  @Test
  void says_what_it_needs() throws Exception {
    assertThat(run(List.of("--help"))).isZero();
    assertThat(printed).isEqualTo(CheckHistory.HELP);
    assertThat(run(List.of("--history", "a"))).isEqualTo(2);
    assertThat(printed).contains("--history and --database are required");
  }

  private int check(String... more) throws Exception {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--history",
                file.toString(),
                "--database",
                bincard.property("spring.datasource.url"),
                "--ledger",
                bincard.property("bincard.ledger"),
                "--redis",
                redis.toString(),
                "--least",
                "1,1,1"));
    options.addAll(List.of(more)); // the last one counts
    return run(options);
  }

  private int run(List<String> options) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int exit = CheckHistory.run(options, new PrintStream(out, true, UTF_8));
    printed = out.toString(UTF_8);
    return exit;
  }

  private void tell(History history, Command command) throws Exception {
    history.sends(command);
    HttpResponse<String> answer = bincard.post(command.path(), command.key(), command.body());
    history.isTold(
        command.key(),
        answer.statusCode(),
        answer.body(),
        answer.headers().firstValue("Idempotency-Replayed").isPresent());
  }
}
