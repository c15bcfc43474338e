package io.bincard.projections.viewstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A row as it was read, with its fields as text. What it lacks makes it as good as none. */
public final class StoredRow {

  private final Map<String, String> fields;

  private StoredRow(Map<String, String> fields) {
    this.fields = fields;
  }

  /**
   * What {@code make} makes of {@code row}; empty if there is no row, if it belongs to another
   * epoch than {@code epoch}, or if it is damaged.
   */
  public static <T> Optional<T> read(
      Map<byte[], byte[]> row, String epoch, Function<StoredRow, T> make) {
    return read(row, found -> found)
        .filter(found -> epoch.equals(found.fields.get("epoch")))
        .flatMap(found -> found.made(make));
  }

  /** The same of a row of whatever epoch. */
  public static <T> Optional<T> read(Map<byte[], byte[]> row, Function<StoredRow, T> make) {
    Map<String, String> fields = HashMap.newHashMap(row.size());
    row.forEach((field, value) -> fields.put(new String(field, UTF_8), new String(value, UTF_8)));
    return new StoredRow(fields).made(make);
  }

  private <T> Optional<T> made(Function<StoredRow, T> make) {
    try {
      return Optional.of(make.apply(this));
    } catch (RuntimeException e) {
      // Whatever a field has that was never written there; nobody knows what the row was.
      return Optional.empty();
    }
  }

  /** The field {@code name}, which every such row has. */
  public String text(String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalStateException("no " + name);
    }
    return value;
  }

  /** The field {@code name}, {@code otherwise} where there is none. */
  public String text(String name, String otherwise) {
    return fields.getOrDefault(name, otherwise);
  }

  /** The number in the field {@code name}, which every such row has. */
  public long number(String name) {
    return Long.parseLong(text(name));
  }

  /** Whether the field {@code name}, which every such row has, says yes. */
  public boolean truth(String name) {
    return switch (text(name)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalStateException("neither true nor false");
    };
  }

  /** The sequence of the last event in the row. */
  public long version() {
    return number("version");
  }

  /** A field's value as it is stored. */
  public static byte[] bytes(Object value) {
    return value.toString().getBytes(UTF_8);
  }
}
