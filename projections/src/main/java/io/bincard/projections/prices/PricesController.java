package io.bincard.projections.prices;

import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.stock.Sku;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/prices/{sku}}: what units of a SKU cost. */
@RestController
final class PricesController {

  private final Prices prices;

  PricesController(Prices prices) {
    this.prices = prices;
  }

  @GetMapping(path = "/v1/prices/{sku}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<ToldPrices> list(
      @PathVariable String sku, @RequestParam(required = false) @Nullable String currency) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .body(prices.list(new Sku(sku), currency == null ? null : new CurrencyCode(currency)));
  }
}
