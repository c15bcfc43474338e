package io.bincard.application.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.cluster.LedgerLease;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.push.EventClient.Event;
import java.io.EOFException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a node that goes down, as it should or not, go on at another one. */
class LiveStockNodesIT {

  /** The pool that all share has one thread on a small machine. */
  private static final Executor THREADS = Thread::startVirtualThread;

  private static final String ORDER = "{\"quantity\":1,\"orderId\":\"o\"}";

  @TempDir private Path folder;

  private static void register(RunningBincard node, String... skus) throws Exception {
    for (String sku : skus) {
      assertThat(
              node.post(
                      "/v1/stock-items",
                      "r-" + sku,
                      "{\"sku\":\"" + sku + "\",\"openingQuantity\":100}")
                  .statusCode())
          .isEqualTo(201);
    }
  }

  private static long deduct(RunningBincard node, String sku, String key) throws Exception {
    String answer = node.post("/v1/stock/" + sku + "/deductions", key, ORDER).body();
    return Long.parseLong(answer.replaceAll(".*\"position\":(\\d+).*", "$1"));
  }

  @Test
  void every_node_pushes_and_clients_of_one_that_stops_are_sent_to_another() throws Exception {
    RunningBincard first =
        RunningBincard.onLedger(
            "live", "bincard.push.max-streams=3", "bincard.push.moved-reserve=1");
    try (RunningBincard second =
        RunningBincard.onLedger(
            "live", "bincard.push.max-streams=3", "bincard.push.moved-reserve=2")) {
      assertThat(first.bean(LedgerLease.class).isHeld()).isTrue();
      register(first, "CUP", "POT");
      String skus = "skus=CUP,POT";
      EventClient here = EventClient.connect(first.uri(""), skus);
      try (EventClient there = EventClient.connect(second.uri(""), skus)) {
        for (EventClient client : new EventClient[] {here, there}) {
          assertThat(client.nextEvent().type()).isEqualTo("snapshot");
          assertThat(client.nextEvent().type()).isEqualTo("snapshot");
          assertThat(client.next().isHeartbeat()).isTrue();
        }
        long sold = deduct(second, "CUP", "d-1");
        for (EventClient client : new EventClient[] {here, there}) {
          Event change = client.nextEvent();
          assertThat(change.id()).isEqualTo(Long.toString(sold));
          assertThat(change.number("onHand")).isEqualTo(99);
        }

        CompletableFuture<Void> closed = CompletableFuture.runAsync(first::close, THREADS);
        Event redirect = here.nextEvent();
        assertThat(redirect.type()).isEqualTo("redirect");
        assertThat(redirect.data()).endsWith(",\"expiresInMillis\":15000}");
        assertThat(redirect.id()).isEqualTo(Long.toString(sold));
        org.assertj.core.api.Assertions.assertThatExceptionOfType(EOFException.class)
            .isThrownBy(here::next);
        String token = redirect.data().replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
        closed.join();
        deduct(second, "POT", "d-2");

        assertThat(second.get("/v1/stock/stream?" + skus).statusCode())
            .as("what is left is for those who were moved")
            .isEqualTo(429);
        try (EventClient moved =
            EventClient.connect(
                second.uri(""),
                skus + "&redirectToken=" + token,
                "Last-Event-ID: " + here.lastEventId())) {
          assertThat(moved.head().status()).isEqualTo(200);
          Event missed = moved.nextEvent();
          assertThat(missed.type()).isEqualTo("stock");
          assertThat(missed.data()).contains("\"sku\":\"POT\"", "\"onHand\":99,");
        }
        assertThat(second.get("/actuator/prometheus").body())
            .contains("bincard_push_moved_total 1.0");
      }
    } finally {
      first.close();
    }
  }

  @Test
  void clients_of_a_node_that_is_killed_go_on_at_another_without_a_hole() throws Exception {
    try (ChildProcess killed = ChildProcess.startNode(folder, "livekilled")) {
      killed.awaitReady();
      try (RunningBincard survivor = RunningBincard.onLedger("livekilled")) {
        register(survivor, "CUP", "POT");
        String last;
        try (EventClient client = EventClient.connect(URI.create(killed.http()), "skus=CUP,POT")) {
          client.nextEvent();
          client.nextEvent();
          deduct(survivor, "CUP", "d-1");
          Event change = client.nextEvent();
          assertThat(change.number("onHand")).isEqualTo(99);
          last = change.id();
          killed.signal("KILL");
        }
        deduct(survivor, "POT", "d-2");
        deduct(survivor, "POT", "d-3");
        try (EventClient client =
            EventClient.connect(survivor.uri(""), "skus=CUP,POT", "Last-Event-ID: " + last)) {
          Event missed = client.nextEvent();
          assertThat(missed.type())
              .as("no resync, and not the one that did not change")
              .isEqualTo("stock");
          assertThat(missed.data()).contains("\"sku\":\"POT\"", "\"onHand\":98,");
        }
      }
    }
  }
}
