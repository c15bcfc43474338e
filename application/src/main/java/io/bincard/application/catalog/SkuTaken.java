package io.bincard.application.catalog;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.stock.Sku;
import java.util.List;

/**
 * The command was taken.
 *
 * @param version of the SKU after it
 */
record SkuTaken(Sku sku, long version, List<Moved<?, ?>> moved) implements Verdict {

  private static final int OK = 200;

  @Override
  public boolean isAccepted() {
    return true;
  }

  @Override
  public Outcome outcome(CommandKey key, long position) {
    return new Outcome(
        OK,
        LedgerJson.write(new Body(key.key(), "done", DescribedSku.stream(sku), version, position)));
  }

  @JsonPropertyOrder({"key", "status", "stream", "version", "position"})
  private record Body(String key, String status, String stream, long version, long position) {}
}
