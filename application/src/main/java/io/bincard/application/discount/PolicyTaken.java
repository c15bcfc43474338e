package io.bincard.application.discount;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.register.PolicyEvent;
import io.bincard.domain.register.PolicyRegister;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command was taken. */
record PolicyTaken(PolicyRegister after, List<Moved<?, ?>> moved) implements Verdict {

  private static final int OK = 200;

  @Override
  public boolean isAccepted() {
    return true;
  }

  @Override
  public Outcome outcome(CommandKey key, long position) {
    return new Outcome(
        OK,
        LedgerJson.write(
            new Body(
                key.key(),
                "done",
                PolicyEvent.STREAM,
                after.version(),
                position,
                after.inForce(),
                after.staged())));
  }

  @JsonPropertyOrder({"key", "status", "stream", "version", "position", "inForce", "staged"})
  private record Body(
      String key,
      String status,
      String stream,
      long version,
      long position,
      @Nullable PolicyFingerprint inForce,
      @Nullable PolicyFingerprint staged) {}
}
