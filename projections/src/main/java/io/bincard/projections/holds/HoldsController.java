package io.bincard.projections.holds;

import io.bincard.domain.stock.OrderId;
import io.bincard.projections.holds.OrderHolds.Listed;
import io.bincard.projections.reading.Page;
import io.bincard.projections.storefront.StorefrontProblem;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/holds}: what an order was promised. */
@RestController
final class HoldsController {

  private final OrderHolds holds;
  private final int maxPage;

  HoldsController(OrderHolds holds, int maxPage) {
    this.holds = holds;
    this.maxPage = maxPage;
  }

  @GetMapping(path = "/v1/holds", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Listed> list(
      @RequestParam String orderId,
      @RequestParam(defaultValue = Page.LIMIT) String limit,
      @RequestParam(required = false) @Nullable String after) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .body(
            holds
                .list(new OrderId(orderId), Page.of(limit, maxPage, after, HeldView::isMember))
                .orElseThrow(StorefrontProblem::viewsUnavailable));
  }
}
