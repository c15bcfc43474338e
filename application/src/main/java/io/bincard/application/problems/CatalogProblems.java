package io.bincard.application.problems;

import io.bincard.domain.catalog.CatalogRejection;
import io.bincard.domain.catalog.CatalogRejection.StaleSkuVersion;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The problem of every rejection of the catalog. Stored with the receipt, so a changed wording
 * never changes an old answer.
 */
public final class CatalogProblems {

  private CatalogProblems() {}

  public static Problem of(CatalogRejection rejection) {
    return switch (rejection) {
      case StaleSkuVersion r -> {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("sku", r.sku().value());
        members.put("expectedVersion", r.expectedVersion());
        members.put("actualVersion", r.actualVersion());
        yield Problem.of(
            ProblemType.STALE_SKU_VERSION,
            r.sku() + " is at version " + r.actualVersion() + ", not " + r.expectedVersion(),
            members);
      }
    };
  }
}
