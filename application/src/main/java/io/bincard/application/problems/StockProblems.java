package io.bincard.application.problems;

import io.bincard.domain.stock.StockRejection;
import io.bincard.domain.stock.StockRejection.AdjustmentExceedsStock;
import io.bincard.domain.stock.StockRejection.CountBelowReserved;
import io.bincard.domain.stock.StockRejection.InsufficientStock;
import io.bincard.domain.stock.StockRejection.QuantityLimitExceeded;
import io.bincard.domain.stock.StockRejection.StaleVersion;
import io.bincard.domain.stock.StockRejection.StockItemAlreadyRegistered;
import io.bincard.domain.stock.StockRejection.StockItemFrozen;
import io.bincard.domain.stock.StockRejection.StockItemNotFrozen;
import io.bincard.domain.stock.StockRejection.UnknownStockItem;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The problem of every stock rejection. Stored with the receipt, so a changed wording never changes
 * an old answer.
 */
public final class StockProblems {

  private StockProblems() {}

  public static Problem of(StockRejection rejection) {
    String item = rejection.sku() + " at " + rejection.location();
    return switch (rejection) {
      case UnknownStockItem r ->
          problem(r, ProblemType.UNKNOWN_STOCK_ITEM, item + " is not registered", members());
      case StockItemAlreadyRegistered r ->
          problem(
              r,
              ProblemType.STOCK_ITEM_ALREADY_REGISTERED,
              item + " is registered already",
              members());
      case StaleVersion r ->
          problem(
              r,
              ProblemType.STALE_VERSION,
              item + " is at version " + r.actualVersion() + ", not " + r.expectedVersion(),
              members("expectedVersion", r.expectedVersion(), "actualVersion", r.actualVersion()));
      case StockItemFrozen r ->
          problem(
              r,
              ProblemType.STOCK_ITEM_FROZEN,
              item + " is frozen; only a count or an unfreeze is taken",
              members());
      case StockItemNotFrozen r ->
          problem(r, ProblemType.STOCK_ITEM_NOT_FROZEN, item + " is not frozen", members());
      case QuantityLimitExceeded r ->
          problem(
              r,
              ProblemType.QUANTITY_LIMIT_EXCEEDED,
              item + " would hold more than " + r.limit() + " units",
              members("onHand", r.onHand(), "requested", r.requested(), "limit", r.limit()));
      case InsufficientStock r ->
          problem(
              r,
              ProblemType.INSUFFICIENT_STOCK,
              item + ": " + r.requested() + " requested, " + r.available() + " available",
              members("requested", r.requested(), "available", r.available()));
      case AdjustmentExceedsStock r ->
          problem(
              r,
              ProblemType.ADJUSTMENT_EXCEEDS_STOCK,
              item + " has " + r.onHand() + " on hand, " + r.reserved() + " of them reserved",
              members("delta", r.delta(), "onHand", r.onHand(), "reserved", r.reserved()));
      case CountBelowReserved r ->
          problem(
              r,
              ProblemType.COUNT_BELOW_RESERVED,
              item
                  + " has "
                  + r.reserved()
                  + " units reserved, more than the "
                  + r.counted()
                  + " counted",
              members("counted", r.counted(), "reserved", r.reserved()));
    };
  }

  private static Problem problem(
      StockRejection rejection, ProblemType type, String detail, Map<String, Object> numbers) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("sku", rejection.sku().value());
    all.put("location", rejection.location().value());
    all.putAll(numbers);
    return Problem.of(type, detail, all);
  }

  private static Map<String, Object> members(Object... namesAndNumbers) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndNumbers.length; i += 2) {
      members.put((String) namesAndNumbers[i], namesAndNumbers[i + 1]);
    }
    return members;
  }
}
