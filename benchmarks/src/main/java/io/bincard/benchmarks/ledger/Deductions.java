package io.bincard.benchmarks.ledger;

import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockItemId;
import java.util.HexFormat;
import org.axonframework.commandhandling.CommandMessage;

/**
 * The commands of the benchmarks, built as the HTTP routes build them: with a key and a
 * fingerprint. Keys are as long as a UUIDv7 and rise as it does.
 */
public final class Deductions {

  /** What every item begins with: never sold out. */
  public static final long OPENING = 1_000_000_000_000L;

  /** Spreads consecutive numbers over the items; odd and no multiple of a power of ten. */
  private static final long STRIDE = 7_368_787;

  private static final HexFormat HEX = HexFormat.of();

  private final int items;
  private final String prefix;

  /**
   * Deductions of one unit each, spread over {@code items} items.
   *
   * @param series what tells these keys, UUIDv7 of the time they are made, from those of another
   *     series; 24 bits count
   */
  public Deductions(int items, int series) {
    this.items = items;
    String made = HEX.toHexDigits(System.currentTimeMillis(), 12);
    String told = HEX.toHexDigits(series, 6);
    this.prefix =
        made.substring(0, 8)
            + "-"
            + made.substring(8)
            + "-7"
            + told.substring(0, 3)
            + "-8"
            + told.substring(3)
            + "-";
  }

  /** The item with {@code number}, from 0 on. */
  public static StockItemId item(long number) {
    return new StockItemId(new Sku("SKU-" + number), LocationId.MAIN);
  }

  /** The {@code number}th key of the series. */
  public String key(long number) {
    return prefix + HEX.toHexDigits(number, 12);
  }

  /** The {@code number}th deduction. */
  public CommandMessage<StockCommand> deduct(long number) {
    return deduct(item(Math.floorMod(number * STRIDE, items)), number);
  }

  /** The {@code number}th deduction, of the items of a {@link LongJournal}. */
  CommandMessage<StockCommand> deductOfThePast(long number) {
    Sku sku = new Sku("FILL-" + Math.floorMod(number * STRIDE, items));
    return deduct(new StockItemId(sku, LocationId.MAIN), number);
  }

  private CommandMessage<StockCommand> deduct(StockItemId item, long number) {
    return message(
        "deduct-stock",
        new StockCommand.DeductStock(
            item.sku(), item.location(), new Quantity(1), new OrderId("order-" + number)),
        key(number));
  }

  /** The registration of item {@code number}. */
  public CommandMessage<StockCommand> register(long number) {
    StockItemId item = item(number);
    return message(
        "register-stock-item",
        new StockCommand.RegisterStockItem(
            item.sku(), item.location(), new Quantity(OPENING), Quantity.ZERO, Quantity.ZERO),
        key(number));
  }

  private static CommandMessage<StockCommand> message(
      String type, StockCommand command, String key) {
    return KeyedCommands.message(
        command,
        CommandKey.of(key),
        Fingerprint.of(type, LedgerJson.write(command)),
        ExpectedVersion.ANY,
        null);
  }
}
