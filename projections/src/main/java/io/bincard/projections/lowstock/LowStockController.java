package io.bincard.projections.lowstock;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.LocationId;
import io.bincard.projections.availability.ItemSets;
import io.bincard.projections.lowstock.LowStock.Listed;
import io.bincard.projections.reading.Page;
import io.bincard.projections.storefront.StorefrontProblem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/low-stock}: what there is little of. */
@RestController
final class LowStockController {

  private static final Pattern UNITS = Pattern.compile("[0-9]{1,4}");

  private final LowStock lowStock;
  private final int maxPage;

  LowStockController(LowStock lowStock, int maxPage) {
    this.lowStock = lowStock;
    this.maxPage = maxPage;
  }

  @GetMapping(path = "/v1/low-stock", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Listed> list(
      @RequestParam String threshold,
      @RequestParam(required = false) @Nullable String location,
      @RequestParam(defaultValue = Page.LIMIT) String limit,
      @RequestParam(required = false) @Nullable String after) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .body(
            lowStock
                .list(
                    units(threshold),
                    location == null ? null : new LocationId(location),
                    Page.of(limit, maxPage, after, ItemSets::isMember))
                .orElseThrow(StorefrontProblem::viewsUnavailable));
  }

  private static long units(String threshold) {
    if (!UNITS.matcher(threshold).matches() || Long.parseLong(threshold) > ItemSets.MOST_LOW) {
      throw new InvalidValueException(
          "threshold must be a whole number of units from 0 to " + ItemSets.MOST_LOW);
    }
    return Long.parseLong(threshold);
  }
}
