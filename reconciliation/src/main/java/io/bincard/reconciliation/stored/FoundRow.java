package io.bincard.reconciliation.stored;

import java.util.Map;
import java.util.Set;

/**
 * A row as it was found in the live generation.
 *
 * @param key what its Redis key has after its generation's
 * @param fields as stored, {@code epoch}, {@code version} and {@code position} among them; empty
 *     where there is no row
 * @param sets lines {@code set\tmember} that were found, of those that were asked for
 * @param digest of the fields, 64 bits, the same as long as the row is not touched; {@link
 *     #NO_DIGEST} where it was not read or there is no row
 */
public record FoundRow(String key, Map<String, String> fields, Set<String> sets, long digest) {

  /** Stands for no digest. */
  public static final long NO_DIGEST = 0;

  public FoundRow {
    fields = Map.copyOf(fields);
    sets = Set.copyOf(sets);
  }

  /** A row whose digest does not matter. */
  public FoundRow(String key, Map<String, String> fields, Set<String> sets) {
    this(key, fields, sets, NO_DIGEST);
  }

  /** A row of which no set was asked for either. */
  public FoundRow(String key, Map<String, String> fields) {
    this(key, fields, Set.of());
  }

  /** Whether there is a row. */
  public boolean exists() {
    return !fields.isEmpty();
  }

  /** The field {@code version} as it stands there; empty where there is none. */
  public String version() {
    return fields.getOrDefault("version", "");
  }
}
