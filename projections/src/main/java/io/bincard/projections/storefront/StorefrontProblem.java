package io.bincard.projections.storefront;

import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** Why a storefront's question has no answer, as RFC 9457 says it. */
public final class StorefrontProblem extends RuntimeException {

  private static final String RETRY_AFTER_SECONDS = "1";

  private final transient ProblemDetail body;

  private StorefrontProblem(ProblemDetail body) {
    super(body.getDetail(), null, false, false);
    this.body = body;
  }

  /** The answer; when to come again is in it where that helps. */
  public ResponseEntity<ProblemDetail> answer() {
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(body.getStatus()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (body.getStatus() == HttpStatus.TOO_MANY_REQUESTS.value()
        || body.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return answer.body(body);
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
  public static StorefrontProblem tooManySkus(int requested, int limit) {
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

  /** The ledger knows nothing of this SKU. */
  public static StorefrontProblem unknownSku(Sku sku) {
    return of(
        sku,
        "unknown-sku",
        "Unknown SKU",
        "The ledger knows nothing of this SKU that could be told.");
  }

  /** Nothing says what a unit costs. */
  public static StorefrontProblem noListPrice(Sku sku) {
    return of(
        sku,
        "no-list-price",
        "No list price",
        "The SKU has no list price that prices could be made from.");
  }

  private static StorefrontProblem of(Sku sku, String type, String title, String detail) {
    ProblemDetail body = problem(HttpStatus.NOT_FOUND, type, title, detail);
    body.setProperty("sku", sku.value());
    return new StorefrontProblem(body);
  }

  /** The list price is in a currency that the policy in force has no prices in. */
  public static StorefrontProblem currencyNotSold(CurrencyCode requested, CurrencyCode expected) {
    ProblemDetail body =
        problem(
            HttpStatus.CONFLICT,
            "currency-not-sold",
            "Currency not sold",
            "The policy has prices in another currency.");
    body.setProperty("requested", requested.value());
    body.setProperty("expected", expected.value());
    return new StorefrontProblem(body);
  }

  /** More rules are about the SKU than may be about an order. */
  public static StorefrontProblem tooManyRules(int most) {
    ProblemDetail body =
        problem(
            HttpStatus.CONFLICT,
            "too-many-rules",
            "Too many rules",
            "The rules about the SKU are more than " + most + ".");
    body.setProperty("most", most);
    return new StorefrontProblem(body);
  }

  /** Only views could tell, and they cannot be read now. */
  public static StorefrontProblem viewsUnavailable() {
    return new StorefrontProblem(
        problem(
            HttpStatus.SERVICE_UNAVAILABLE,
            "views-unavailable",
            "Views unavailable",
            "What was asked for is unknown now; it is not none."));
  }

  /** The SKU has more locations than one answer holds. */
  public static StorefrontProblem tooManyLocations(Sku sku, int limit) {
    ProblemDetail body =
        problem(
            HttpStatus.CONFLICT,
            "too-many-locations",
            "Too many locations",
            "The SKU is stocked at more locations than one answer holds.");
    body.setProperty("sku", sku.value());
    body.setProperty("limit", limit);
    return new StorefrontProblem(body);
  }

  /** There are as many connections for live stock as there may be. */
  public static StorefrontProblem tooManyStreams(int limit) {
    ProblemDetail body =
        problem(
            HttpStatus.TOO_MANY_REQUESTS,
            "too-many-streams",
            "Too many streams",
            "No more than " + limit + " connections for live stock are open at a time.");
    body.setProperty("limit", limit);
    return new StorefrontProblem(body);
  }

  /** The node goes down and takes no connections for live stock any more. */
  public static StorefrontProblem nodeStopping() {
    return new StorefrontProblem(
        problem(
            HttpStatus.SERVICE_UNAVAILABLE,
            "node-stopping",
            "Node stopping",
            "This node goes down; another one takes the connection."));
  }

  /** A page of another origin wants a socket. */
  public static StorefrontProblem originNotAllowed() {
    return new StorefrontProblem(
        problem(
            HttpStatus.FORBIDDEN,
            "origin-not-allowed",
            "Origin not allowed",
            "Pages of this origin may not open a socket here."));
  }

  private static ProblemDetail problem(
      HttpStatus status, String type, String title, String detail) {
    ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail);
    body.setType(URI.create("/problems/" + type));
    body.setTitle(title);
    return body;
  }
}
