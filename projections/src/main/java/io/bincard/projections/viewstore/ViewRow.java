package io.bincard.projections.viewstore;

import java.util.Map;

/**
 * The absolute content of one view at one version.
 *
 * @param key what the row's Redis key has after its generation's, as in {@code
 *     availability:A@MAIN}; begins with the name of the view
 * @param version what must move forward for the row to be written
 * @param fields every field of the row except {@code epoch} and {@code version}, as stored
 */
public record ViewRow(String key, long version, Map<String, byte[]> fields) {

  public ViewRow {
    fields = Map.copyOf(fields);
  }
}
