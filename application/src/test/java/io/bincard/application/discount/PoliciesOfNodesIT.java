package io.bincard.application.discount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two nodes on one ledger and one folder of policies, which changes while they price. */
class PoliciesOfNodesIT {

  private static final String LEDGER = "policynodes";
  private static final int CHANGES = 30;
  private static final String LINES =
      "\"lines\":[{\"sku\":\"MUG\",\"quantity\":1,\"unitPrice\":{\"amount\":10000,\"currency\":\"GBP\"}}]}";

  @TempDir private Path folder;

  private void policy(int percent) throws IOException {
    Path next = folder.resolve("next.tmp");
    Files.writeString(
        next, "currency = \"GBP\"\n[[rule]]\nid = \"all\"\npercent-off = " + percent + "\n");
    Files.move(next, folder.resolve("base.toml"), StandardCopyOption.ATOMIC_MOVE);
  }

  private RunningBincard node() {
    return RunningBincard.onLedger(LEDGER, "bincard.policies.folder=" + folder);
  }

  /** What an order was told, and what by the version of its policy it has to be. */
  private record Told(String policy, long price) {}

  private static Callable<List<Told>> orders(RunningBincard node, String name, AtomicBoolean over) {
    return () -> {
      List<Told> told = new ArrayList<>();
      for (int i = 0; !over.get(); i++) {
        String order = name + "-" + i;
        HttpResponse<String> answer =
            node.post("/v1/discounts", order, "{\"orderId\":\"" + order + "\"," + LINES);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        told.add(told(JsonMapper.shared().readTree(answer.body()).path("order")));
      }
      return told;
    };
  }

  private static Callable<List<Told>> quotes(RunningBincard node, AtomicBoolean over) {
    return () -> {
      List<Told> told = new ArrayList<>();
      while (!over.get()) {
        HttpResponse<String> answer = node.post("/v1/quotes", "none", "{" + LINES);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        told.add(told(JsonMapper.shared().readTree(answer.body())));
      }
      return told;
    };
  }

  private static Told told(JsonNode order) {
    return new Told(order.path("policy").asString(), order.at("/finalPrice/amount").asLong());
  }

  private static String inForce(RunningBincard node) throws Exception {
    return JsonMapper.shared()
        .readTree(node.get("/v1/policies").body())
        .path("inForce")
        .asString("");
  }

  @Test
  void both_price_by_the_versions_that_the_journal_has_in_their_order() throws Exception {
    policy(1);
    try (RunningBincard leader = node();
        RunningBincard follower = node();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      awaitPolicy(leader, "");
      AtomicBoolean over = new AtomicBoolean();
      List<Future<List<Told>>> all =
          List.of(
              threads.submit(orders(leader, "leader", over)),
              threads.submit(orders(follower, "follower", over)),
              threads.submit(quotes(leader, over)),
              threads.submit(quotes(follower, over)));
      for (int change = 2; change <= CHANGES; change++) {
        String before = inForce(leader);
        policy(change);
        awaitPolicy(leader, before);
      }
      over.set(true);

      List<@Nullable String> versions =
          leader
              .sql()
              .sql(
                  "select payload->>'fingerprint' from event_journal where type = 'policy-activated'"
                      + " order by position")
              .query(String.class)
              .list();
      assertThat(versions).hasSize(CHANGES);
      for (Future<List<Told>> each : all) {
        List<Told> told = each.get();
        assertThat(told).isNotEmpty();
        assertThat(told)
            .allSatisfy(
                price ->
                    assertThat(price.price())
                        .isEqualTo(10_000 - 100L * (versions.indexOf(price.policy()) + 1)));
        assertThat(told.stream().map(price -> versions.indexOf(price.policy())))
            .as("no node goes back behind what it has said")
            .isSorted();
      }
      assertThat(
              leader
                  .sql()
                  .sql(
                      """
                      select count(*) from event_journal applied
                      where applied.type = 'discount-applied' and applied.payload->>'policy' <> (
                        select activated.payload->>'fingerprint' from event_journal activated
                        where activated.type = 'policy-activated'
                          and activated.position < applied.position
                        order by activated.position desc limit 1)
                      """)
                  .query(Long.class)
                  .single())
          .as("orders priced by another version than the one in force at their position")
          .isZero();
    }
  }

  private static void awaitPolicy(RunningBincard leader, String otherThan) {
    await().untilAsserted(() -> assertThat(inForce(leader)).isNotIn("", otherThan));
  }
}
