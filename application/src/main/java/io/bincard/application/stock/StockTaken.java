package io.bincard.application.stock;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.List;

/**
 * The command was taken.
 *
 * @param after the item after it
 * @param at when; promises to holds that lapsed by then do not count
 */
record StockTaken(StockCommand command, StockItem after, Instant at, List<Moved<?, ?>> moved)
    implements Verdict {

  private static final int CREATED = 201;
  private static final int OK = 200;

  StockItemId id() {
    return command.item();
  }

  @Override
  public boolean isAccepted() {
    return true;
  }

  @Override
  public Outcome outcome(CommandKey key, long position) {
    return new Outcome(
        status(),
        LedgerJson.write(
            new Body(
                key.key(),
                "done",
                id().stream(),
                after.version(),
                position,
                after.onHand(),
                after.reserved(at),
                after.available(at))));
  }

  /** What adds a fact to the card answers 201, what sets a state of it 200. */
  private int status() {
    return switch (command) {
      case StockCommand.RegisterStockItem c -> CREATED;
      case StockCommand.ReceiveStock c -> CREATED;
      case StockCommand.DeductStock c -> CREATED;
      case StockCommand.ReturnStock c -> CREATED;
      case StockCommand.AdjustStock c -> CREATED;
      case StockCommand.CountStock c -> CREATED;
      case StockCommand.SetStockPolicy c -> OK;
      case StockCommand.FreezeStockItem c -> OK;
      case StockCommand.UnfreezeStockItem c -> OK;
    };
  }

  @JsonPropertyOrder({
    "key",
    "status",
    "stream",
    "version",
    "position",
    "onHand",
    "reserved",
    "available"
  })
  private record Body(
      String key,
      String status,
      String stream,
      long version,
      long position,
      long onHand,
      long reserved,
      long available) {}
}
