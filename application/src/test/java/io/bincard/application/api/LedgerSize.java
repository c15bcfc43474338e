package io.bincard.application.api;

import io.bincard.application.fixture.RunningBincard;

/** How much a ledger holds; what is refused or told again leaves it as it was. */
record LedgerSize(long position, long receipts) {

  static LedgerSize of(RunningBincard bincard) {
    return bincard
        .sql()
        .sql("select (select position from ledger_head), (select count(*) from command_receipt)")
        .query((row, number) -> new LedgerSize(row.getLong(1), row.getLong(2)))
        .single();
  }
}
