package io.bincard.projections.catalog;

import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.catalog.SkuName;
import io.bincard.domain.stock.Sku;
import io.bincard.projections.catalog.SkuSearch.Sought;
import io.bincard.projections.catalog.ToldSku.Described;
import io.bincard.projections.catalog.ToldSku.Listed;
import io.bincard.projections.catalog.ToldSku.Stocked;
import io.bincard.projections.reading.Page;
import io.bincard.projections.storefront.MinPosition;
import io.bincard.projections.storefront.StorefrontProblem;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/skus} and {@code GET /v1/stock/{sku}/locations}. */
@RestController
@RequestMapping(path = "/v1", produces = MediaType.APPLICATION_JSON_VALUE)
final class SkuController {

  private final Skus skus;
  private final SkuSearch search;
  private final int maxPage;

  SkuController(Skus skus, SkuSearch search, int maxPage) {
    this.skus = skus;
    this.search = search;
    this.maxPage = maxPage;
  }

  @GetMapping("/skus/{sku}")
  ResponseEntity<Described> one(@PathVariable String sku) {
    Sku asked = new Sku(sku);
    Described found = skus.name(asked).orElseThrow(() -> StorefrontProblem.unknownSku(asked));
    return noCache().eTag("\"" + found.version() + "\"").body(found);
  }

  @GetMapping("/skus")
  ResponseEntity<Listed> list(
      @RequestParam(required = false) @Nullable String category,
      @RequestParam(defaultValue = "") String namePrefix,
      @RequestParam(required = false) @Nullable String status,
      @RequestParam(defaultValue = Page.LIMIT) String limit,
      @RequestParam(required = false) @Nullable String after) {
    String prefix = namePrefix.isEmpty() ? "" : new SkuName(namePrefix).value();
    Sought sought =
        new Sought(
            category == null ? null : new CategoryId(category),
            prefix,
            status == null ? null : SkuStatus.of(status));
    Page page = Page.of(limit, maxPage, after, member -> NamedSkus.isMember(member, prefix));
    return noCache()
        .body(search.list(sought, page).orElseThrow(StorefrontProblem::viewsUnavailable));
  }

  @GetMapping("/stock/{sku}/locations")
  ResponseEntity<Stocked> locations(
      @PathVariable String sku, @RequestParam(defaultValue = MinPosition.ANY) String minPosition) {
    Sku asked = new Sku(sku);
    return noCache()
        .body(
            skus.stock(asked, MinPosition.of(minPosition))
                .orElseThrow(() -> StorefrontProblem.unknownSku(asked)));
  }

  private static BodyBuilder noCache() {
    return ResponseEntity.ok().cacheControl(CacheControl.noCache());
  }
}
