package io.bincard.projections.reading;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.lists.*}: the limits of lists.
 *
 * @param maxPage {@code max-page}: entries of a page at most, 1 to 1,000
 * @param maxLookedAt {@code max-looked-at}: candidates that are looked at for one page at most,
 *     where most may be left out of it; 100 to 100,000
 * @param priceListLife {@code price-list-life}: how long a price list is kept in Redis, 1 ms to 1
 *     h: a rule whose time begins or ends shows this late
 */
@ConfigurationProperties("bincard.lists")
public record ListsProperties(
    @DefaultValue("100") int maxPage,
    @DefaultValue("1000") int maxLookedAt,
    @DefaultValue("10s") Duration priceListLife) {

  public ListsProperties {
    between("max-page", maxPage, 1, 1_000);
    between("max-looked-at", maxLookedAt, 100, 100_000);
    between("price-list-life in milliseconds", priceListLife.toMillis(), 1, 3_600_000);
  }

  private static void between(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "bincard.lists." + key + " must be " + least + " to " + most);
    }
  }
}
