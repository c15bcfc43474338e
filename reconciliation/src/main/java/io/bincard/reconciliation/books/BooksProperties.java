package io.bincard.reconciliation.books;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.reconciliation.books.*}: how the journal is held against itself.
 *
 * @param timeout {@code timeout}: how long one rule may take before it is left unchecked
 * @param told {@code told}: contradictions of one rule that are told one by one
 */
@ConfigurationProperties("bincard.reconciliation.books")
public record BooksProperties(
    @DefaultValue("10m") Duration timeout, @DefaultValue("100") int told) {

  public BooksProperties {
    between("timeout", timeout.toMillis(), 100, Duration.ofDays(1).toMillis());
    between("told", told, 1, 10_000);
  }

  private static void between(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "bincard.reconciliation.books.%s must be %d to %d; times are milliseconds"
              .formatted(key, least, most));
    }
  }
}
