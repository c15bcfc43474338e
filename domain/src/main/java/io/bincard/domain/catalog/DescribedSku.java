package io.bincard.domain.catalog;

import io.bincard.domain.Decision;
import io.bincard.domain.catalog.CatalogCommand.DescribeSku;
import io.bincard.domain.catalog.CatalogEvent.SkuDescribed;
import io.bincard.domain.catalog.CatalogRejection.StaleSkuVersion;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.Sku;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A SKU as the catalog has it.
 *
 * @param version sequence of the last event of the SKU's stream, {@link #NO_VERSION} before the
 *     first
 * @param description {@code null} before the first event
 */
public record DescribedSku(long version, @Nullable SkuDescription description) {

  /** The version of a SKU that nobody described. */
  public static final long NO_VERSION = -1;

  /**
   * Of {@link #evolve}: raised whenever some stream leads to another state than before, for states
   * that were stored on the way are void then.
   */
  public static final int FOLD_REVISION = 1;

  /** A SKU that nobody described. */
  public static final DescribedSku UNKNOWN = new DescribedSku(NO_VERSION, null);

  /** What the names of all streams of SKUs begin with. */
  public static final String STREAM_PREFIX = "sku:";

  /** The stream of {@code sku} in the journal. */
  public static String stream(Sku sku) {
    return STREAM_PREFIX + sku;
  }

  /**
   * Decides on {@code command}; pure, and total over every command in every state. To say the same
   * again is taken and changes nothing.
   */
  public Decision<CatalogEvent, CatalogRejection> decide(
      CatalogCommand command, ExpectedVersion expected) {
    if (expected instanceof ExpectedVersion.Exactly(long wanted) && wanted != version) {
      return Decision.reject(new StaleSkuVersion(command.sku(), wanted, version));
    }
    return switch (command) {
      case DescribeSku(var sku, var name, var category, var unitPrice, var discontinued) -> {
        SkuDescribed said = new SkuDescribed(sku, name, category, unitPrice, discontinued);
        yield said.description().equals(description)
            ? new Decision.Accepted<>(List.of())
            : Decision.accept(said);
      }
    };
  }

  /** The state after {@code event}; pure, and the only way the state moves, live and in replay. */
  public DescribedSku evolve(CatalogEvent event) {
    return switch (event) {
      case SkuDescribed said -> new DescribedSku(version + 1, said.description());
    };
  }
}
