package io.bincard.application.api;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.bincard.application.problems.Problem;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The route that describes SKUs; what was said is told by the read side. */
@RestController
@RequestMapping(
    path = "/v1/skus",
    produces = {APPLICATION_JSON_VALUE, Problem.MEDIA_TYPE})
final class CatalogController {

  private final CommandCounter counter;

  CatalogController(CommandCounter counter) {
    this.counter = counter;
  }

  @PutMapping(path = "/{sku}", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> describe(@PathVariable String sku, HttpServletRequest request)
      throws Exception {
    return counter.takeBody(CommandForm.DESCRIBE_SKU, request, Field.SKU, sku);
  }
}
