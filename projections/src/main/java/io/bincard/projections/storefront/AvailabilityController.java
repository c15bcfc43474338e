package io.bincard.projections.storefront;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.storefront.Availabilities.Found;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/stock}: what can be sold of one item or of many. */
@RestController
@RequestMapping(path = "/v1/stock", produces = MediaType.APPLICATION_JSON_VALUE)
final class AvailabilityController {

  private static final String MAIN = "MAIN";
  private static final String ANY = "0";

  /** Up to 18 digits always fit a {@code long}. */
  private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");

  private final Availabilities availabilities;
  private final int maxSkus;

  /**
   * @param maxSkus how many different SKUs one question may name
   */
  AvailabilityController(Availabilities availabilities, int maxSkus) {
    this.availabilities = availabilities;
    this.maxSkus = maxSkus;
  }

  /** Many items at once. */
  record Listing(List<Availability> items, List<String> unknown) {}

  @GetMapping("/{sku}")
  ResponseEntity<Availability> one(
      @PathVariable String sku,
      @RequestParam(defaultValue = MAIN) String location,
      @RequestParam(defaultValue = ANY) String minPosition) {
    StockItemId item = new StockItemId(new Sku(sku), new LocationId(location));
    Availability availability =
        availabilities
            .find(item, position(minPosition))
            .orElseThrow(() -> StorefrontProblem.unknownStockItem(item));
    BodyBuilder answer = ResponseEntity.ok().cacheControl(CacheControl.noCache());
    if (availability.lapsed() == 0) {
      // Otherwise who has the version from before would be told that nothing is different.
      answer.eTag("\"" + availability.version() + "\"");
    }
    return answer.body(availability);
  }

  @GetMapping
  ResponseEntity<Listing> many(
      @RequestParam String skus, @RequestParam(defaultValue = MAIN) String location) {
    SequencedSet<Sku> distinct = new LinkedHashSet<>();
    for (String sku : skus.split(",", -1)) {
      distinct.add(new Sku(sku));
    }
    if (distinct.size() > maxSkus) {
      throw StorefrontProblem.tooManySkus(distinct.size(), maxSkus);
    }
    Found found = availabilities.findAll(List.copyOf(distinct), new LocationId(location));
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .body(new Listing(found.items(), found.unknown().stream().map(Sku::value).toList()));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refuse(StorefrontProblem problem) {
    return problem.answer();
  }

  private static long position(String digits) {
    if (!POSITION.matcher(digits).matches()) {
      throw new InvalidValueException(
          "minPosition must be a whole number of at most 18 digits, 0 or more");
    }
    return Long.parseLong(digits);
  }
}
