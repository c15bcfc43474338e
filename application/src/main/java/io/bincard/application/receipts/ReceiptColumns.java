package io.bincard.application.receipts;

import static java.util.Objects.requireNonNullElse;

import io.bincard.application.postgres.ArrayColumn;
import io.bincard.application.postgres.Columns;
import java.sql.SQLException;
import java.util.List;

/** Receipts that are about to be stored, as {@link Receipts#INSERT} takes them. */
public final class ReceiptColumns {

  private final ArrayColumn tenant = ArrayColumn.ofTexts();
  private final ArrayColumn client = ArrayColumn.ofTexts();
  private final ArrayColumn key = ArrayColumn.ofTexts();
  private final ArrayColumn fingerprint = ArrayColumn.ofBytes();
  private final ArrayColumn status = ArrayColumn.ofSmallNumbers();
  private final ArrayColumn outcome = ArrayColumn.ofTexts();
  private final ArrayColumn position = ArrayColumn.ofNumbers();

  public void add(Receipt receipt) {
    tenant.addText(receipt.key().tenant());
    client.addText(receipt.key().client());
    key.addText(receipt.key().key());
    fingerprint.addBytes(receipt.fingerprint().toBytes());
    status.addSmallNumber(receipt.outcome().status());
    outcome.addText(receipt.outcome().body());
    position.addNumber(requireNonNullElse(receipt.position(), 0L));
  }

  public int rows() {
    return key.rows();
  }

  /** Forgets all receipts but the first {@code kept}. */
  public void truncate(int kept) {
    for (ArrayColumn column :
        List.of(tenant, client, key, fingerprint, status, outcome, position)) {
      column.truncate(kept);
    }
  }

  /**
   * Binds {@link Receipts#INSERT}.
   *
   * @param recordedAt the time of all of them, as PostgreSQL reads it
   */
  public void bind(Columns columns, String recordedAt) throws SQLException {
    columns.text(recordedAt);
    columns.array(tenant);
    columns.array(client);
    columns.array(key);
    columns.array(fingerprint);
    columns.array(status);
    columns.array(outcome);
    columns.array(position);
  }
}
