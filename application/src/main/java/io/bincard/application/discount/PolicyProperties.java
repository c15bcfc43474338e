package io.bincard.application.discount;

import io.bincard.application.policy.PolicyFolder;
import io.bincard.domain.Code;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where policies come from.
 *
 * @param folder with {@code base.toml} and a folder for each environment; none is watched without
 *     it
 * @param environment whose files go before those for everywhere
 * @param moved quiet after which files that were moved into the folder are read
 * @param written quiet after which files that were written in place are read
 * @param answer how long the ledger may take to answer
 * @param recentCarts carts that a new version is tried out on, beside one for each of its rules
 * @param lookEvery how often the folder is looked at, for what the system does not tell
 * @param longestChange files that change without end are read after that
 * @param maxSize of all files together
 */
@ConfigurationProperties("bincard.policies")
public record PolicyProperties(
    @Nullable String folder,
    @DefaultValue("dev") String environment,
    @DefaultValue("5ms") Duration moved,
    @DefaultValue("300ms") Duration written,
    @DefaultValue("10s") Duration answer,
    @DefaultValue("256") int recentCarts,
    @DefaultValue("1s") Duration lookEvery,
    @DefaultValue("1m") Duration longestChange,
    @DefaultValue("16MB") DataSize maxSize) {

  /** So many carts of the largest price can be added up. */
  private static final int MOST_CARTS = 1_000;

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SHORTEST_LOOK = Duration.ofMillis(10);
  private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);
  private static final DataSize MOST = DataSize.ofMegabytes(256);

  public PolicyProperties {
    if (moved.isNegative()
        || written.compareTo(moved) < 0
        || longestChange.compareTo(written) < 0
        || longestChange.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "bincard.policies: moved must not be negative, written not shorter than moved, and"
              + " longest-change not shorter than written nor longer than "
              + LONGEST);
    }
    if (lookEvery.compareTo(SHORTEST_LOOK) < 0 || lookEvery.compareTo(LONGEST_LOOK) > 0) {
      throw new IllegalArgumentException("bincard.policies: look-every must be from 10ms to 1m");
    }
    if (answer.toMillis() < 1 || answer.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("bincard.policies: answer must be from 1ms to " + LONGEST);
    }
    if (recentCarts < 1 || recentCarts > MOST_CARTS) {
      throw new IllegalArgumentException(
          "bincard.policies: recent-carts must be from 1 to " + MOST_CARTS);
    }
    if (maxSize.toBytes() < 1 || maxSize.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("bincard.policies: max-size must be from 1B to " + MOST);
    }
    Code.checked("bincard.policies.environment", environment);
  }

  /** What is watched; {@code null} for nothing. */
  @Nullable PolicyFolder watched() {
    return folder == null
        ? null
        : new PolicyFolder(Path.of(folder), environment, maxSize.toBytes());
  }
}
