package io.bincard.projections.push.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * What all nodes of a ledger know and nobody else, to sign with: as it is set, or else one at
 * random that the first node leaves in Redis. Who has to wait for Redis goes without it.
 */
public final class SharedSecret implements Supplier<byte[]> {

  private static final Logger LOG = LoggerFactory.getLogger(SharedSecret.class);
  private static final int BYTES = 32;

  private final RedisConnectionFactory connections;
  private final byte[] redisKey;
  private final Executor asking;
  private final AtomicBoolean isAsking = new AtomicBoolean();
  private volatile byte[] known;

  /**
   * @param configured the secret; empty to share one by Redis
   * @param ledger whose nodes share it
   * @param asking runs the questions to Redis
   */
  public SharedSecret(
      String configured, String ledger, RedisConnectionFactory connections, Executor asking) {
    this.known = configured.getBytes(UTF_8);
    this.connections = connections;
    this.redisKey = ("bincard:" + ledger + ":push-secret").getBytes(UTF_8);
    this.asking = asking;
  }

  /** The secret; empty as long as it is not known, and then it is asked for. */
  @Override
  public byte[] get() {
    byte[] now = known;
    if (now.length == 0 && isAsking.compareAndSet(false, true)) {
      asking.execute(this::ask);
    }
    return Arrays.copyOf(now, now.length);
  }

  private void ask() {
    byte[] fresh = new byte[BYTES];
    new SecureRandom().nextBytes(fresh);
    try (RedisConnection redis = connections.getConnection()) {
      redis.stringCommands().setNX(redisKey, fresh);
      byte[] shared = redis.stringCommands().get(redisKey);
      known = shared == null ? known : shared;
    } catch (DataAccessException e) {
      LOG.atDebug()
          .setCause(e)
          .log("No secret is shared with other nodes as long as Redis is away");
    } finally {
      isAsking.set(false);
    }
  }
}
