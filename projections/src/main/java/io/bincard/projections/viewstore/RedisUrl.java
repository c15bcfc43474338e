package io.bincard.projections.viewstore;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/**
 * The address of a Redis, {@code redis[s]://[[user]:password@]host[:port][/database]}.
 *
 * @param tls whether the connection is encrypted
 * @param database number of the logical database
 */
public record RedisUrl(
    boolean tls,
    String host,
    int port,
    @Nullable String username,
    @Nullable String password,
    int database) {

  private static final int DEFAULT_PORT = 6379;

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if {@code url} is not such an address; the message does not
   *     repeat it, for it may hold a password
   */
  public static RedisUrl parse(String url) {
    URI uri = uri(url);
    boolean tls = "rediss".equals(uri.getScheme());
    if ((!tls && !"redis".equals(uri.getScheme())) || uri.getHost() == null) {
      throw malformed();
    }
    String credentials = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    int colon = credentials.indexOf(':');
    return new RedisUrl(
        tls,
        uri.getHost(),
        uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
        decoded(credentials.substring(0, Math.max(0, colon))),
        decoded(credentials.substring(colon + 1)),
        database(uri.getPath()));
  }

  private static URI uri(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      // The cause is left out because its message repeats the address.
      throw malformed();
    }
  }

  private static int database(String path) {
    if (path.isEmpty() || path.equals("/")) {
      return 0;
    }
    if (!path.matches("/[0-9]{1,4}")) {
      throw malformed();
    }
    return Integer.parseInt(path.substring(1));
  }

  private static @Nullable String decoded(String part) {
    return part.isEmpty()
        ? null
        : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "the address of Redis must be redis[s]://[[user]:password@]host[:port][/database]");
  }

  /** The same address in Spring Data's words; encryption is the client's part of it. */
  public RedisStandaloneConfiguration configuration() {
    RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(host, port);
    configuration.setDatabase(database);
    if (username != null) {
      configuration.setUsername(username);
    }
    if (password != null) {
      configuration.setPassword(password);
    }
    return configuration;
  }

  /** Host and port, fit for a log. */
  @Override
  public String toString() {
    return host + ':' + port;
  }
}
