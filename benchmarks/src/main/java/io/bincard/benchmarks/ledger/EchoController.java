package io.bincard.benchmarks.ledger;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the server costs without a ledger: reads the body of a deduction and answers what the
 * deduction answers, both with Spring's own JSON.
 */
@RestController
public final class EchoController {

  /** The path below {@code /v1/stock/{sku}}. */
  public static final String PATH = "/benchmark-echo";

  private static final int ON_HAND = 1_000_000;

  record Deduction(long quantity, String orderId) {}

  record Told(
      String key,
      String status,
      String stream,
      long version,
      long position,
      long onHand,
      long reserved,
      long available) {}

  /** What the answer about a stock item looks like. */
  record Item(
      String sku,
      String location,
      long onHand,
      long reserved,
      long available,
      long version,
      long asOfPosition,
      long ageMillis,
      boolean frozen,
      String source,
      boolean stale) {}

  @GetMapping("/v1/stock/{sku}" + PATH)
  ResponseEntity<Item> echo(
      @PathVariable String sku, @RequestParam(defaultValue = "MAIN") String location) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .eTag("\"" + ON_HAND + "\"")
        .body(
            new Item(
                sku, location, ON_HAND, 0, ON_HAND, ON_HAND, ON_HAND, 0, false, "view", false));
  }

  @PostMapping("/v1/stock/{sku}" + PATH)
  ResponseEntity<Told> echo(
      @PathVariable String sku,
      @RequestHeader("Idempotency-Key") String key,
      @RequestBody Deduction body) {
    long left = ON_HAND - body.quantity();
    return ResponseEntity.status(HttpStatus.CREATED)
        .body(new Told(key, "done", "stock:" + sku + "@MAIN", left, left, left, 0, left));
  }
}
