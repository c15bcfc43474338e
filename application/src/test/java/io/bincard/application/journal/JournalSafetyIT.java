package io.bincard.application.journal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A server of its own, which the library starts as servers for tests mostly are: without fsync and
 * with commits that do not wait.
 */
class JournalSafetyIT {

  private static EmbeddedPostgres careless;

  @BeforeAll
  static void start() throws IOException {
    careless = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws IOException {
    careless.close();
  }

  @Test
  void a_server_that_keeps_what_it_commits_is_taken() throws SQLException {
    try (Connection connection = RunningBincard.shared().bean(DataSource.class).getConnection()) {
      assertThatCode(() -> JournalSafety.check(connection)).doesNotThrowAnyException();
    }
  }

  @Test
  void a_server_that_could_lose_commits_is_refused_by_every_setting_that_lets_it()
      throws Exception {
    try (Connection connection = careless.getPostgresDatabase().getConnection()) {
      assertRefused(connection, "fsync = off, synchronous_commit = off");
      execute(connection, "set synchronous_commit = on");
      assertRefused(connection, "fsync = off");
      execute(connection, "alter system set full_page_writes = off");
      execute(connection, "select pg_reload_conf()");
      await().untilAsserted(() -> assertRefused(connection, "fsync = off, full_page_writes = off"));
    }
  }

  private static void assertRefused(Connection connection, String settings) {
    assertThatThrownBy(() -> JournalSafety.check(connection))
        .isInstanceOf(JournalSafety.UnsafeSettingsException.class)
        .hasMessageContaining("acknowledged: " + settings + ". Switch on");
  }

  @Test
  void the_application_does_not_start_on_commits_that_do_not_wait() {
    assertThatThrownBy(
            () ->
                RunningBincard.withOwnLedger(
                    "spring.datasource.hikari.data-source-properties.options="
                        + "-c synchronous_commit=off"))
        .rootCause()
        .isInstanceOf(JournalSafety.UnsafeSettingsException.class)
        .hasMessageContaining("acknowledged: synchronous_commit = off. Switch on");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
