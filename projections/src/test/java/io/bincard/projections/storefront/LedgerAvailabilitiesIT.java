package io.bincard.projections.storefront;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.SettableClock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LedgerAvailabilitiesIT extends AvailabilitiesConformance {

  private final LedgerInMemory ledger = new LedgerInMemory();
  private final SettableClock clock = new SettableClock(Instant.now());
  private final Availabilities availabilities =
      new LedgerAvailabilities(ledger, new ReadCounts(), clock);

  @Override
  LedgerInMemory ledger() {
    return ledger;
  }

  @Override
  Availabilities availabilities() {
    return availabilities;
  }

  @Override
  SettableClock clock() {
    return clock;
  }

  @Override
  Source source() {
    return Source.LEDGER;
  }

  @Test
  void says_so_when_the_ledger_cannot_be_asked() {
    StockItemId item = ledger.register("A", 1);
    ledger.setUnavailable(true);

    assertThatExceptionOfType(LedgerUnavailableException.class)
        .isThrownBy(() -> availabilities.find(item, 0));
  }
}
