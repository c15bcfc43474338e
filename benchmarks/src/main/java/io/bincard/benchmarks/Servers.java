package io.bincard.benchmarks;

import io.bincard.application.embedded.EmbeddedServers;
import io.bincard.benchmarks.peers.Redis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.FileSystemUtils;

/**
 * The PostgreSQL and the Redis of a run: the embedded ones, as they come with the product. They
 * stop with this process.
 */
final class Servers {

  private static final String SUPERUSER = "postgres";
  private static final String PEERS = "peers";

  private final String ledgerUrl;
  private final String redisUrl;
  private final String owner;

  private Servers(ConfigurableApplicationContext context) {
    this.ledgerUrl = context.getEnvironment().getRequiredProperty("spring.datasource.url");
    this.redisUrl = context.getEnvironment().getRequiredProperty("spring.data.redis.url");
    this.owner = context.getEnvironment().getRequiredProperty("spring.flyway.user");
  }

  @Configuration(proxyBeanMethods = false)
  static class Nothing {}

  /** Starts them with their data in {@code folder}, which is deleted after they have stopped. */
  static Servers start(Path folder) {
    // Before the servers are, so that it runs after they are stopped.
    SpringApplication.getShutdownHandlers()
        .add(
            () -> {
              try {
                FileSystemUtils.deleteRecursively(folder);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return new Servers(
        new SpringApplicationBuilder(Nothing.class)
            .web(WebApplicationType.NONE)
            .initializers(new EmbeddedServers())
            .run("--bincard.embedded.data-directory=" + folder, "--logging.level.io.bincard=warn"));
  }

  /** Where the Redis of all views listens. */
  InetSocketAddress redis() {
    URI redis = URI.create(redisUrl);
    return new InetSocketAddress(redis.getHost(), redis.getPort());
  }

  /** The settings of an application on the ledger {@code name}. */
  List<String> settings(String name, int redisDatabase) {
    return List.of(
        "bincard.ledger=" + name,
        "spring.datasource.url=" + ledgerUrl,
        "spring.datasource.username=bincard",
        "spring.flyway.user=" + owner,
        // Several ledgers and the peers share what connections the server has.
        "spring.datasource.hikari.minimum-idle=2",
        "spring.data.redis.url=" + redisUrl(redisDatabase));
  }

  /** The database {@code number} of the Redis of all views. */
  String redisUrl(int number) {
    return redisUrl + "/" + number;
  }

  /** Where the peers' database is, for its superuser, who needs no password. */
  String peersUrl() {
    return ledgerUrl.replaceFirst("/[^/]*$", "/" + PEERS) + "?user=" + SUPERUSER;
  }

  /** The ledger {@code name}, for the superuser. */
  String superuserUrl(String name) {
    return ledgerUrl + "?user=" + SUPERUSER + "&currentSchema=" + name;
  }

  /**
   * Lets the views of the ledger {@code name}, which is not running, pass over the {@code events}
   * that it has: they would take longer to follow them than everything that is measured.
   */
  void passOver(String name, int redisDatabase, long events) throws SQLException, IOException {
    execute(
        "update "
            + name
            + ".token_entry set token = convert_to('{\"globalIndex\":"
            + events
            + "}', 'UTF8') where processor_name = 'availability'");
    String left =
        Redis.ask(
            redis(),
            redisDatabase,
            "HSET",
            "bincard:main:1:mark",
            "position",
            Long.toString(events));
    if (!left.equals(":0")) {
      throw new IllegalStateException("the views of " + name + " have no position: " + left);
    }
  }

  /** Waits until no key comes or goes: what a rebuild leaves is removed after it, bit by bit. */
  void awaitQuietViews(int redisDatabase) throws IOException {
    String before = "";
    for (String keys = keys(redisDatabase); !keys.equals(before); keys = keys(redisDatabase)) {
      before = keys;
      LockSupport.parkNanos(QUIET_NANOS);
    }
  }

  private String keys(int redisDatabase) throws IOException {
    return Redis.ask(redis(), redisDatabase, "DBSIZE");
  }

  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Of 16 MB each: what {@code min_wal_size} keeps. */
  private static final int WAL_FILES = 32;

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(ledgerUrl + "?user=" + SUPERUSER);
  }

  String postgresVersion() throws SQLException {
    try (Connection connection = connect()) {
      return connection.getMetaData().getDatabaseProductVersion();
    }
  }

  /** What {@code sql} counts in the ledger {@code name}. */
  long count(String name, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(superuserUrl(name));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /**
   * Has the server write through as many WAL files as it keeps, as one that has run for a day has
   * done: a new file is filled with zeros while every commit waits.
   */
  void useWalFiles() throws SQLException {
    for (int file = 0; file < WAL_FILES; file++) {
      execute("select pg_logical_emit_message(true, 'benchmarks', 'a file more')");
      execute("select pg_switch_wal()");
    }
    checkpoint();
  }

  void createPeersDatabase() throws SQLException {
    execute("create database " + PEERS);
  }

  /** Writes what is dirty, so that no contender pays for the one before it. */
  void checkpoint() throws SQLException {
    execute("checkpoint");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
