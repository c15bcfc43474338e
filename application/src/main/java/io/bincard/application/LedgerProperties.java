package io.bincard.application;

import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which ledger this is.
 *
 * @param ledger the ledger's id: the PostgreSQL schema of its tables, and part of every epoch of
 *     its views. 1 to 30 of a-z, 0-9 and _, the first a letter, not beginning with {@code pg_}
 */
@ConfigurationProperties("bincard")
record LedgerProperties(@DefaultValue("main") String ledger) {

  private static final Pattern ID = Pattern.compile("(?!pg_)[a-z][a-z0-9_]{0,29}");

  LedgerProperties {
    if (!ID.matcher(ledger).matches()) {
      throw new IllegalArgumentException(
          "bincard.ledger must have 1 to 30 of a-z, 0-9 and _, begin with a letter, and not with pg_");
    }
  }
}
