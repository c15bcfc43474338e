package io.bincard.application.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bincard.domain.Code;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockReturned;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events that a journal has most of out of the very bytes that the ledger writes for
 * them, in a fraction of the time that a reader of any JSON takes. What differs in a single byte it
 * does not read at all. Not for use by several threads.
 */
final class PlainEvents {

  private static final byte[] SKU = bytes("{\"sku\":\"");
  private static final byte[] LOCATION = bytes("\",\"location\":\"");
  private static final byte[] QUANTITY = bytes("\",\"quantity\":");
  private static final byte[] ORDER = bytes(",\"orderId\":\"");
  private static final byte[] OPENING = bytes("\",\"openingQuantity\":");
  private static final byte[] SAFETY = bytes(",\"safetyStock\":");
  private static final byte[] BACKORDERS = bytes(",\"backorderLimit\":");
  private static final byte[] END_OF_TEXT = bytes("\"}");
  private static final byte[] END = bytes("}");
  private static final long NONE = -1;

  private byte[] json = {};
  private int at;
  private int end;
  private boolean isPlain;
  private LocationId lastLocation = LocationId.MAIN;

  private static byte[] bytes(String ascii) {
    return ascii.getBytes(ISO_8859_1);
  }

  /** Whether {@link #read} knows events of {@code type}. */
  static boolean knows(Class<?> type) {
    return type == StockDeducted.class
        || type == StockReturned.class
        || type == StockItemRegistered.class;
  }

  /**
   * The event of {@code type} in {@code length} bytes of {@code bytes}; null if it is not plain.
   */
  @Nullable LedgerEvent read(Class<?> type, byte[] bytes, int offset, int length) {
    json = bytes;
    at = offset;
    end = offset + length;
    isPlain = true;
    skip(SKU);
    String sku = code();
    skip(LOCATION);
    LocationId location = location();
    LedgerEvent event =
        type == StockItemRegistered.class
            ? registered(sku, location)
            : moved(type == StockDeducted.class, sku, location);
    return isPlain && at == end ? event : null;
  }

  private @Nullable LedgerEvent moved(boolean isSale, String sku, LocationId location) {
    skip(QUANTITY);
    long units = number();
    skip(ORDER);
    String order = code();
    skip(END_OF_TEXT);
    if (!isPlain) {
      return null;
    }
    Sku of = new Sku(sku);
    Quantity quantity = new Quantity(units);
    return isSale
        ? new StockDeducted(of, location, quantity, new OrderId(order))
        : new StockReturned(of, location, quantity, new OrderId(order));
  }

  private @Nullable LedgerEvent registered(String sku, LocationId location) {
    skip(OPENING);
    long opening = number();
    skip(SAFETY);
    long safetyStock = number();
    skip(BACKORDERS);
    long backorderLimit = number();
    skip(END);
    return isPlain
        ? new StockItemRegistered(
            new Sku(sku),
            location,
            new Quantity(opening),
            new Quantity(safetyStock),
            new Quantity(backorderLimit))
        : null;
  }

  private void skip(byte[] words) {
    int next = at + words.length;
    isPlain = isPlain && next <= end && Arrays.equals(json, at, next, words, 0, words.length);
    at = next;
  }

  /** A text of letters and digits, and between them of what else a code may have. */
  private String code() {
    int from = at;
    while (isPlain && at < end && json[at] != '"') {
      boolean isEdge = at == from || at + 1 == end || json[at + 1] == '"';
      isPlain = isLetterOrDigit(json[at]) || (!isEdge && isInner(json[at]));
      at++;
    }
    isPlain = isPlain && at > from && at - from <= Code.MAX_LENGTH;
    return isPlain ? new String(json, from, at - from, ISO_8859_1) : "";
  }

  /** Most events are of the location of the one before. */
  private LocationId location() {
    String last = lastLocation.value();
    int from = at;
    int i = 0;
    while (i < last.length() && at + i < end && json[at + i] == last.charAt(i)) {
      i++;
    }
    if (isPlain && i == last.length() && at + i < end && json[at + i] == '"') {
      at += i;
      return lastLocation;
    }
    at = from;
    String value = code();
    if (isPlain) {
      lastLocation = new LocationId(value);
    }
    return lastLocation;
  }

  /** A whole number from 0 to the most units that there may be, written as the ledger does. */
  private long number() {
    int from = at;
    long value = 0;
    while (isPlain && at < end && json[at] >= '0' && json[at] <= '9') {
      value = 10 * value + json[at] - '0';
      at++;
      isPlain = value <= Quantity.MAX && (json[from] != '0' || at == from + 1);
    }
    isPlain = isPlain && at > from;
    return isPlain ? value : NONE;
  }

  private static boolean isLetterOrDigit(byte c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static boolean isInner(byte c) {
    return switch (c) {
      case ' ', '.', '_', '-', '+', ':', '#' -> true;
      default -> false;
    };
  }
}
