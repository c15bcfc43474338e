package io.bincard.application.hold;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.reservation.HoldId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command was taken.
 *
 * @param hold after it
 * @param placed what it began with; {@code null} for a second step
 * @param at when
 */
record HoldTaken(
    HoldId id, Hold hold, @Nullable HoldPlaced placed, Instant at, List<Moved<?, ?>> moved)
    implements Verdict {

  private static final int CREATED = 201;
  private static final int OK = 200;

  @Override
  public boolean isAccepted() {
    return true;
  }

  @Override
  public Outcome outcome(CommandKey key, long position) {
    return new Outcome(
        placed == null ? OK : CREATED,
        LedgerJson.write(
            new Body(
                key.key(),
                "done",
                id.stream(),
                hold.version(),
                position,
                HoldView.of(id, hold, placed == null ? null : placed.price(), at))));
  }

  @JsonPropertyOrder({"key", "status", "stream", "version", "position", "hold"})
  private record Body(
      String key, String status, String stream, long version, long position, HoldView hold) {}
}
