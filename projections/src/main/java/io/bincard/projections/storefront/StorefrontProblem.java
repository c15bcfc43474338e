package io.bincard.projections.storefront;

import io.bincard.domain.stock.StockItemId;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** Why a storefront's question has no answer, as RFC 9457 says it. */
final class StorefrontProblem extends RuntimeException {

  private final transient ProblemDetail body;

  private StorefrontProblem(ProblemDetail body) {
    super(body.getDetail(), null, false, false);
    this.body = body;
  }

  ProblemDetail body() {
    return body;
  }

  /** The ledger has no such item. */
  static StorefrontProblem unknownStockItem(StockItemId item) {
    ProblemDetail body =
        problem(
            HttpStatus.NOT_FOUND,
            "unknown-stock-item",
            "Unknown stock item",
            "The ledger has no stock item of this SKU at this location.");
    body.setProperty("sku", item.sku().value());
    body.setProperty("location", item.location().value());
    return new StorefrontProblem(body);
  }

  /** More SKUs were asked for at once than one answer holds. */
  static StorefrontProblem tooManySkus(int requested, int limit) {
    ProblemDetail body =
        problem(
            HttpStatus.BAD_REQUEST,
            "too-many-skus",
            "Too many SKUs",
            "One question may name at most " + limit + " different SKUs.");
    body.setProperty("requested", requested);
    body.setProperty("limit", limit);
    return new StorefrontProblem(body);
  }

  private static ProblemDetail problem(
      HttpStatus status, String type, String title, String detail) {
    ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail);
    body.setType(URI.create("/problems/" + type));
    body.setTitle(title);
    return body;
  }
}
