package io.bincard.projections.prices;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.domain.stock.Sku;
import io.bincard.projections.viewstore.ViewStore;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import redis.clients.jedis.exceptions.JedisException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Prices that were made a moment ago, in Redis; none while it is away. */
final class KeptPrices {

  private static final Logger LOG = LoggerFactory.getLogger(KeptPrices.class);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RedisConnectionFactory connections;
  private final Duration life;

  /**
   * @param life how long prices are kept
   */
  KeptPrices(RedisConnectionFactory connections, Duration life) {
    this.connections = connections;
    this.life = life;
  }

  /** The key of prices by one version of the policy of one version of a description. */
  static String key(String policy, Sku sku, long version) {
    return ViewStore.KEYS + "prices:" + policy + ':' + version + ':' + sku;
  }

  Optional<ToldPrices> find(String key) {
    try (RedisConnection connection = connections.getConnection()) {
      byte[] kept = connection.stringCommands().get(key.getBytes(UTF_8));
      return kept == null ? Optional.empty() : Optional.of(JSON.readValue(kept, ToldPrices.class));
    } catch (DataAccessException | JedisException | JacksonException e) {
      LOG.atDebug().setCause(e).log("Prices are made anew");
      return Optional.empty();
    }
  }

  void keep(String key, ToldPrices prices) {
    try (RedisConnection connection = connections.getConnection()) {
      connection
          .stringCommands()
          .pSetEx(key.getBytes(UTF_8), life.toMillis(), JSON.writeValueAsBytes(prices));
    } catch (DataAccessException | JedisException e) {
      LOG.atDebug().setCause(e).log("Prices are not kept");
    }
  }
}
