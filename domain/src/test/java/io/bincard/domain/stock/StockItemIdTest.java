package io.bincard.domain.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.stock.StockCommand.CountStock;
import io.bincard.domain.stock.StockEvent.StockCounted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StockItemIdTest {

  @ParameterizedTest
  @CsvSource({
    "85123A, MAIN, stock:85123A@MAIN",
    "BANK CHARGES, MAIN, stock:BANK CHARGES@MAIN",
    "a:b, c:d, stock:a:b@c:d",
    "M, m, stock:M@m"
  })
  void names_its_stream(String sku, String location, String stream) {
    StockItemId item = new StockItemId(new Sku(sku), new LocationId(location));

    assertThat(item.stream()).isEqualTo(stream);
    assertThat("stock:" + item).isEqualTo(stream);
  }

  @Test
  void is_named_by_the_commands_and_events_of_its_item() {
    Sku sku = new Sku("85123A");
    Quantity counted = new Quantity(3);
    StockItemId item = new StockItemId(sku, LocationId.MAIN);

    assertThat(new CountStock(sku, LocationId.MAIN, counted).item()).isEqualTo(item);
    assertThat(new StockCounted(sku, LocationId.MAIN, counted, new Delta(0)).item())
        .isEqualTo(item);
  }
}
