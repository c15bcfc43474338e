package io.bincard.application.api;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.bincard.application.problems.Problem;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The routes of the stock commands. Each reads its form, hands the command in, and tells the
 * outcome.
 */
@RestController
@RequestMapping(
    path = "/v1",
    produces = {APPLICATION_JSON_VALUE, Problem.MEDIA_TYPE})
final class StockCommandController {

  private final CommandCounter counter;

  StockCommandController(CommandCounter counter) {
    this.counter = counter;
  }

  @PostMapping(path = "/stock-items", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> register(HttpServletRequest request) throws Exception {
    return counter.takeBody(CommandForm.REGISTER_STOCK_ITEM, request, null, null);
  }

  @PostMapping(path = "/stock/{sku}/receipts", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> receive(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return counter.takeBody(CommandForm.RECEIVE_STOCK, request, Field.SKU, sku);
  }

  @PostMapping(path = "/stock/{sku}/deductions", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> deduct(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return counter.takeBody(CommandForm.DEDUCT_STOCK, request, Field.SKU, sku);
  }

  @PostMapping(path = "/stock/{sku}/returns", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> takeBack(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return counter.takeBody(CommandForm.RETURN_STOCK, request, Field.SKU, sku);
  }

  @PostMapping(path = "/stock/{sku}/adjustments", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> adjust(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return counter.takeBody(CommandForm.ADJUST_STOCK, request, Field.SKU, sku);
  }

  @PostMapping(path = "/stock/{sku}/counts", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> count(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return counter.takeBody(CommandForm.COUNT_STOCK, request, Field.SKU, sku);
  }

  @PutMapping(path = "/stock/{sku}/policy", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> setPolicy(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return counter.takeBody(CommandForm.SET_STOCK_POLICY, request, Field.SKU, sku);
  }

  @PutMapping(path = "/stock/{sku}/freeze", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> freeze(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return counter.takeBody(CommandForm.FREEZE_STOCK_ITEM, request, Field.SKU, sku);
  }

  /** A DELETE has no body: the members come as query parameters. */
  @DeleteMapping("/stock/{sku}/freeze")
  ResponseEntity<String> unfreeze(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return counter.takeQuery(CommandForm.UNFREEZE_STOCK_ITEM, request, Field.SKU, sku);
  }
}
