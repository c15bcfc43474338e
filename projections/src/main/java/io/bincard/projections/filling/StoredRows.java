package io.bincard.projections.filling;

import java.util.List;
import java.util.Map;

/** The rows that a fold goes on from. */
@FunctionalInterface
public interface StoredRows {

  /**
   * The rows of {@code keys}, in one round trip; an empty map where there is none.
   *
   * @param keys as in {@link io.bincard.projections.viewstore.ViewRow#key}
   */
  List<Map<byte[], byte[]>> read(List<String> keys);
}
