package io.bincard.application.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RunningBincard;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class StockIT {

  private final RunningBincard bincard = RunningBincard.shared();

  @Test
  void a_deduction_is_answered_with_its_position_and_version() throws Exception {
    bincard.post("/v1/stock-items", "stock-it-1", "{\"sku\":\"STOCK-IT\",\"openingQuantity\":10}");

    HttpResponse<String> answer =
        bincard.post(
            "/v1/stock/STOCK-IT/deductions", "stock-it-2", "{\"quantity\":3,\"orderId\":\"o-1\"}");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body())
        .startsWith(
            "{\"key\":\"stock-it-2\",\"status\":\"done\",\"stream\":\"stock:STOCK-IT@MAIN\",\"version\":1,")
        .endsWith("\"onHand\":7,\"reserved\":0,\"available\":7}");
  }
}
