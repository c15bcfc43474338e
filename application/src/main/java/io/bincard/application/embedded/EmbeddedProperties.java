package io.bincard.application.embedded;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the embedded servers, {@code bincard.embedded.*}. None of them matters for a
 * server whose URL is configured.
 *
 * @param dataDirectory where the data of both servers, their logs and their unpacked programs lie;
 *     relative to the working directory
 * @param postgresPort the loopback port of PostgreSQL; 0 takes a free one at each start
 * @param redisPort the loopback port of Redis; 0 takes a free one at each start
 * @param startTimeout how long one server may take from its start to its readiness, the recovery
 *     after a crash included
 * @param stopTimeout how long one server may take to stop cleanly before it is stopped by force
 */
@ConfigurationProperties("bincard.embedded")
record EmbeddedProperties(
    @DefaultValue(".bincard") String dataDirectory,
    @DefaultValue("0") int postgresPort,
    @DefaultValue("0") int redisPort,
    @DefaultValue("60s") Duration startTimeout,
    @DefaultValue("30s") Duration stopTimeout) {

  private static final int HIGHEST_PORT = 65_535;

  /**
   * @throws IllegalArgumentException if the folder has no name, a port is none, or a timeout is not
   *     positive
   */
  EmbeddedProperties {
    if (dataDirectory.isBlank()) {
      throw new IllegalArgumentException("bincard.embedded.data-directory must not be blank");
    }
    checkPort("postgres-port", postgresPort);
    checkPort("redis-port", redisPort);
    checkTimeout("start-timeout", startTimeout);
    checkTimeout("stop-timeout", stopTimeout);
  }

  /** The data folder as a path. A string in the settings, as Spring would look for a resource. */
  Path dataFolder() {
    return Path.of(dataDirectory);
  }

  private static void checkPort(String name, int port) {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "bincard.embedded." + name + " must be between 0 and " + HIGHEST_PORT + ", not " + port);
    }
  }

  private static void checkTimeout(String name, Duration timeout) {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException(
          "bincard.embedded." + name + " must be positive, not " + timeout);
    }
  }
}
