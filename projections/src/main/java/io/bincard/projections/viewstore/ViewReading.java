package io.bincard.projections.viewstore;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One look at a generation. The mark was read before the rows, so every row holds at least the
 * events up to the mark's position.
 *
 * @param mark what the generation said of itself; null if there is none
 * @param rows the rows in the order of the keys asked for; an empty map where there is no row
 * @param members the members of each range asked for, in the order of their bytes
 */
public record ViewReading(
    @Nullable ViewStoreMark mark, List<Map<byte[], byte[]>> rows, List<List<String>> members) {

  public ViewReading {
    rows = List.copyOf(rows);
    members = List.copyOf(members);
  }
}
