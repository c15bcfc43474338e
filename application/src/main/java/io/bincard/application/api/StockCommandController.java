package io.bincard.application.api;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Answer;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.StockCommand;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The routes of the stock commands. Each reads its form, hands the command in, and tells the
 * outcome.
 */
@RestController
@RequestMapping(
    path = "/v1",
    produces = {APPLICATION_JSON_VALUE, Problem.MEDIA_TYPE})
final class StockCommandController {

  private final CommandDesk desk;
  private final long maxBodyBytes;

  StockCommandController(CommandDesk desk, ApiProperties limits) {
    this.desk = desk;
    this.maxBodyBytes = limits.maxBody().toBytes();
  }

  @PostMapping(path = "/stock-items", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> register(HttpServletRequest request) throws Exception {
    return handIn(CommandForm.REGISTER_STOCK_ITEM, request, null);
  }

  @PostMapping(path = "/stock/{sku}/receipts", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> receive(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return handIn(CommandForm.RECEIVE_STOCK, request, sku);
  }

  @PostMapping(path = "/stock/{sku}/deductions", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> deduct(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return handIn(CommandForm.DEDUCT_STOCK, request, sku);
  }

  @PostMapping(path = "/stock/{sku}/returns", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> takeBack(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return handIn(CommandForm.RETURN_STOCK, request, sku);
  }

  @PostMapping(path = "/stock/{sku}/adjustments", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> adjust(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return handIn(CommandForm.ADJUST_STOCK, request, sku);
  }

  @PostMapping(path = "/stock/{sku}/counts", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> count(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return handIn(CommandForm.COUNT_STOCK, request, sku);
  }

  @PutMapping(path = "/stock/{sku}/policy", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> setPolicy(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return handIn(CommandForm.SET_STOCK_POLICY, request, sku);
  }

  @PutMapping(path = "/stock/{sku}/freeze", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> freeze(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return handIn(CommandForm.FREEZE_STOCK_ITEM, request, sku);
  }

  /** A DELETE has no body: the members come as query parameters. */
  @DeleteMapping("/stock/{sku}/freeze")
  ResponseEntity<String> unfreeze(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    CommandKey key = RequestHeaders.key(request);
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    RequestParameters.of(request).forEach(parameters::put);
    return handIn(CommandForm.UNFREEZE_STOCK_ITEM, key, parameters, sku, request);
  }

  private ResponseEntity<String> handIn(
      CommandForm form, HttpServletRequest request, @Nullable String sku)
      throws InterruptedException {
    CommandKey key = RequestHeaders.key(request);
    RequestParameters.allowOnly(request, Set.of());
    return handIn(form, key, RequestBody.read(request, maxBodyBytes), sku, request);
  }

  /** The path names the SKU; a body that names one too is refused rather than overruled. */
  private static ObjectNode withSku(ObjectNode members, String sku) {
    if (members.has(Field.SKU.name())) {
      throw CommandForm.invalid(
          List.of(new CommandForm.Violation("/sku", "stands in the path and not in the body")));
    }
    return members.put(Field.SKU.name(), sku);
  }

  private ResponseEntity<String> handIn(
      CommandForm form,
      CommandKey key,
      ObjectNode body,
      @Nullable String sku,
      HttpServletRequest request)
      throws InterruptedException {
    ObjectNode members = sku == null ? body : withSku(body, sku);
    ExpectedVersion expected = RequestHeaders.expectedVersion(request);
    RequestHeaders.checkReleaseStage(request);
    StockCommand command = form.read(members);
    return switch (desk.handIn(
        CommandDesk.message(
            form.type(), command, key, expected, RequestHeaders.traceParent(request)))) {
      case Answer.Told(Outcome outcome, boolean replayed) -> {
        ResponseEntity.BodyBuilder response =
            ResponseEntity.status(outcome.status())
                .contentType(
                    outcome.isDone()
                        ? MediaType.APPLICATION_JSON
                        : MediaType.APPLICATION_PROBLEM_JSON);
        if (replayed) {
          response.header(RequestHeaders.IDEMPOTENCY_REPLAYED, "true");
        }
        yield response.body(outcome.body());
      }
      case Answer.KeyReused reused -> throw new InvalidRequestException(keyReused());
      case Answer.KeyExpired expired -> throw new InvalidRequestException(keyExpired());
      case Answer.KeyAhead ahead -> throw new InvalidRequestException(keyAhead());
      case Answer.Skipped skipped ->
          throw new IllegalStateException("a command on its own is never skipped");
      case Answer.Failed(RuntimeException cause) -> throw cause;
    };
  }

  static Problem keyReused() {
    return Problem.of(
        ProblemType.IDEMPOTENCY_KEY_REUSED,
        "this key was used for another command; use a new key for a new command");
  }

  static Problem keyExpired() {
    return Problem.of(
        ProblemType.IDEMPOTENCY_KEY_EXPIRED,
        "answers are not kept as long as this key is old; nothing was done");
  }

  static Problem keyAhead() {
    return Problem.of(
        ProblemType.IDEMPOTENCY_KEY_AHEAD,
        "the time in this key is too far in the future; nothing was done");
  }
}
