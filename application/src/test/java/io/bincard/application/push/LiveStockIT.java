package io.bincard.application.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.push.EventClient.Event;
import org.junit.jupiter.api.Test;

class LiveStockIT {

  private final RunningBincard bincard = RunningBincard.shared();

  private void register(String sku, int units) throws Exception {
    bincard.post(
        "/v1/stock-items",
        "live-" + sku,
        "{\"sku\":\"" + sku + "\",\"openingQuantity\":" + units + "}");
  }

  private long deduct(String sku, String key) throws Exception {
    String answer =
        bincard
            .post("/v1/stock/" + sku + "/deductions", key, "{\"quantity\":1,\"orderId\":\"o\"}")
            .body();
    return Long.parseLong(answer.replaceAll(".*\"position\":(\\d+).*", "$1"));
  }

  @Test
  void a_client_is_told_what_there_is_and_then_what_changes() throws Exception {
    register("LIVE-1", 10);
    try (EventClient client = EventClient.connect(bincard.uri(""), "skus=LIVE-1,LIVE-NONE")) {
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.head().header("Content-Type")).startsWith("text/event-stream");
      Event snapshot = client.nextEvent();
      assertThat(snapshot.type()).isEqualTo("snapshot");
      assertThat(snapshot.data())
          .startsWith("{\"sku\":\"LIVE-1\",\"location\":\"MAIN\",\"onHand\":10,");
      assertThat(client.nextEvent())
          .isEqualTo(new Event("0", "unknown", "{\"sku\":\"LIVE-NONE\",\"location\":\"MAIN\"}"));
      assertThat(client.next().isHeartbeat()).isTrue();

      long sold = deduct("LIVE-1", "live-1-sold");
      Event change = client.nextEvent();
      assertThat(change.type()).isEqualTo("stock");
      assertThat(change.id()).isEqualTo(Long.toString(sold));
      assertThat(change.number("onHand")).isEqualTo(9);
    }
  }
}
