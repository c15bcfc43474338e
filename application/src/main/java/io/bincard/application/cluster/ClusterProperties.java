package io.bincard.application.cluster;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Several nodes on one ledger.
 *
 * @param advertisedUrl where the other nodes reach this one; {@code null} for the address that
 *     PostgreSQL sees it at and its port
 * @param lease how long a leader that is silent stays the leader
 * @param renewInterval how often the leader renews its lease
 * @param pollInterval how often a node that does not lead looks at the lease and the journal's head
 *     if it is not notified
 * @param forwardFor how long a command is sent on to whoever leads before its sender is told that
 *     there is no leader or that the outcome is unknown
 * @param connectTimeout how long another node may take to accept a connection
 * @param claimTimeout how long a node that reads the journal for all, to fill the views, may be
 *     silent before another takes its place
 */
@ConfigurationProperties("bincard.cluster")
public record ClusterProperties(
    @Nullable URI advertisedUrl,
    @DefaultValue("3s") Duration lease,
    @DefaultValue("500ms") Duration renewInterval,
    @DefaultValue("250ms") Duration pollInterval,
    @DefaultValue("8s") Duration forwardFor,
    @DefaultValue("1s") Duration connectTimeout,
    @DefaultValue("5s") Duration claimTimeout) {

  private static final Duration SHORTEST = Duration.ofMillis(10);

  /**
   * @throws IllegalArgumentException naming the key, if a value makes no sense
   */
  public ClusterProperties {
    between("lease", lease, Duration.ofMillis(200), Duration.ofMinutes(1));
    between("renew-interval", renewInterval, SHORTEST, lease.dividedBy(3));
    between("poll-interval", pollInterval, SHORTEST, Duration.ofMinutes(1));
    between("forward-for", forwardFor, SHORTEST, Duration.ofMinutes(10));
    between("connect-timeout", connectTimeout, SHORTEST, Duration.ofMinutes(1));
    between("claim-timeout", claimTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
    if (advertisedUrl != null
        && (advertisedUrl.getHost() == null || !advertisedUrl.getScheme().startsWith("http"))) {
      throw new IllegalArgumentException(
          "bincard.cluster.advertised-url must be like http://host:port");
    }
  }

  private static void between(String key, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "bincard.cluster.%s must be %d to %d ms"
              .formatted(key, least.toMillis(), most.toMillis()));
    }
  }
}
