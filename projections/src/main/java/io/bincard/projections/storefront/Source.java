package io.bincard.projections.storefront;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Who answered. */
public enum Source {
  /** The view: fast, and behind the ledger by what {@code ageMillis} tells. */
  VIEW,
  /** The ledger itself, because the view could not answer. */
  LEDGER,
  /** What this node answered last, because neither could be asked. */
  MEMORY;

  /** As it stands in JSON. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
