package io.bincard.application.api;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The command API's limits.
 *
 * @param maxBody the largest body of a single command; more is answered 413
 * @param maxCart the largest body with a cart, quotes too; more is answered 413
 * @param maxPolicy the largest body with the content of a policy; more is answered 413
 * @param maxLine the longest line of a batch; a longer one is answered as invalid
 * @param maxInflation how many times larger than what was sent a gzip body may become, beyond its
 *     first megabyte; more is answered 413, or ends the batch there
 * @param maxAtomicLines lines of an atomic batch
 * @param linesPerGroup lines of a streamed batch that share one turn of the writer at most
 * @param groupsInFlight groups of one streamed batch that are under way at once
 * @param answerTimeout how long a command may take before its sender is told that the outcome is
 *     unknown
 * @param twinTimeout how long a command waits for one with the same key that is under way already
 */
@ConfigurationProperties("bincard.api")
public record ApiProperties(
    @DefaultValue("64KB") DataSize maxBody,
    @DefaultValue("512KB") DataSize maxCart,
    @DefaultValue("16MB") DataSize maxPolicy,
    @DefaultValue("16KB") DataSize maxLine,
    @DefaultValue("100") int maxInflation,
    @DefaultValue("1000") int maxAtomicLines,
    @DefaultValue("500") int linesPerGroup,
    @DefaultValue("4") int groupsInFlight,
    @DefaultValue("10s") Duration answerTimeout,
    @DefaultValue("5s") Duration twinTimeout) {

  /** The largest body of a command of {@code form}, in bytes. */
  long maxBodyOf(CommandForm form) {
    DataSize most = maxBody;
    if (form.fields().contains(Field.LINES) || form.fields().contains(Field.ORDER_LINES)) {
      most = maxCart;
    } else if (form.fields().contains(Field.CONTENT)) {
      most = maxPolicy;
    }
    return most.toBytes();
  }
}
