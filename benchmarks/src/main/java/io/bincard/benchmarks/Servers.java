package io.bincard.benchmarks;

import io.bincard.application.embedded.EmbeddedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * The PostgreSQL and the Redis of a run: the embedded ones, as they come with the product. They
 * stop with this process.
 */
final class Servers {

  private static final String SUPERUSER = "postgres";
  private static final String PEERS = "peers";

  private final String ledgerUrl;
  private final String redisUrl;

  private Servers(ConfigurableApplicationContext context) {
    this.ledgerUrl = context.getEnvironment().getRequiredProperty("spring.datasource.url");
    this.redisUrl = context.getEnvironment().getRequiredProperty("spring.data.redis.url");
  }

  @Configuration(proxyBeanMethods = false)
  static class Nothing {}

  static Servers start(Path folder) {
    return new Servers(
        new SpringApplicationBuilder(Nothing.class)
            .web(WebApplicationType.NONE)
            .initializers(new EmbeddedServers())
            .run("--bincard.embedded.data-directory=" + folder, "--logging.level.io.bincard=warn"));
  }

  /** The settings of an application on the ledger {@code name}. */
  List<String> settings(String name, int redisDatabase) {
    return List.of(
        "bincard.ledger=" + name,
        "spring.datasource.url=" + ledgerUrl,
        "spring.datasource.username=bincard",
        "spring.data.redis.url=" + redisUrl + "/" + redisDatabase);
  }

  /** Where the peers' database is, for its superuser, who needs no password. */
  String peersUrl() {
    return ledgerUrl.replaceFirst("/[^/]*$", "/" + PEERS) + "?user=" + SUPERUSER;
  }

  /** A connection to the database of the ledgers, as superuser. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(ledgerUrl + "?user=" + SUPERUSER);
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
