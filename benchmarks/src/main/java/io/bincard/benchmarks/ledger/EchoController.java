package io.bincard.benchmarks.ledger;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
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
