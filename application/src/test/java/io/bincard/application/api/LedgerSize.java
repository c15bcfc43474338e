package io.bincard.application.api;

import io.bincard.application.fixture.RunningBincard;

/** How much callers left in a ledger; what is refused or told again leaves it as it was. */
record LedgerSize(long position, long receipts) {

  static LedgerSize of(RunningBincard bincard) {
    return bincard
        .sql()
        .sql(
            """
            select (select position from ledger_head),
              (select count(*) from command_receipt where client = 'default')
            """)
        .query((row, number) -> new LedgerSize(row.getLong(1), row.getLong(2)))
        .single();
  }
}
