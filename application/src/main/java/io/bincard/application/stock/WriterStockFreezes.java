package io.bincard.application.stock;

import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.OwnCommands;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.StockCommand.FreezeStockItem;
import io.bincard.domain.stock.StockFreezes;
import io.bincard.domain.stock.StockItemId;

/** Freezes items through the writer, as a person would. */
public final class WriterStockFreezes implements StockFreezes {

  /** What an item is told that is frozen already. */
  private static final int FROZEN_ALREADY = 409;

  private final OwnCommands commands;

  public WriterStockFreezes(OwnCommands commands) {
    this.commands = commands;
  }

  @Override
  public boolean freeze(StockItemId item, Reason reason, String key) {
    Outcome told =
        commands.send(
            "freeze-stock-item", new FreezeStockItem(item.sku(), item.location(), reason), key);
    return told.isDone() || told.status() == FROZEN_ALREADY;
  }
}
