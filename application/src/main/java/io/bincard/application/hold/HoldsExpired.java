package io.bincard.application.hold;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.Verdict;
import java.util.List;

/**
 * The end of holds was written down.
 *
 * @param expired how many; not those that were over already, or not yet
 */
record HoldsExpired(int expired, List<Moved<?, ?>> moved) implements Verdict {

  private static final int OK = 200;

  @Override
  public boolean isAccepted() {
    return true;
  }

  @Override
  public Outcome outcome(CommandKey key, long position) {
    return new Outcome(OK, LedgerJson.write(new Body(key.key(), "done", position, expired)));
  }

  @JsonPropertyOrder({"key", "status", "position", "expired"})
  private record Body(String key, String status, long position, int expired) {}
}
