package io.bincard.application.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.bincard.application.RunningWriter;
import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.writer.Answer;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import java.sql.SQLException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;

/** What the application's role may not do, tried as that role. */
@ExtendWith(OutputCaptureExtension.class)
class LedgerRolesIT {

  private static final String WARNING = "could change the journal";

  private EmptyLedger ledger;

  @BeforeEach
  void migrateAndWrite() {
    ledger = new EmptyLedger();
    try (RunningWriter writer = new RunningWriter(ledger.dataSource())) {
      assertThat(
              writer.ask(
                  new RegisterStockItem(
                      new Sku("A"), LocationId.MAIN, Quantity.ZERO, Quantity.ZERO, Quantity.ZERO),
                  "k"))
          .isInstanceOf(Answer.Told.class);
    }
    ledger.sql().sql("insert into delivery_receipt values ('c', 0, 1, 1, now())").update();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update %s set %s",
        "delete from %s",
        "truncate %s",
        "drop table %s",
        "alter table %s disable trigger all"
      })
  void no_row_of_the_journal_its_days_the_receipts_or_the_repairs_can_be_changed(String attack) {
    assertDenied(attack, "event_journal", "type = 'other'");
    assertDenied(attack, partitionOf("event_journal"), "type = 'other'");
    assertDenied(attack, "delivery_receipt", "consumer = 'other'");
    assertDenied(attack, "journal_day", "first_position = 7");
    assertDenied(attack, "stream", "born_position = 7");
    assertDenied(attack, "command_receipt", "status = 200");
    assertDenied(attack, partitionOf("command_receipt"), "status = 200");
    assertDenied(attack, "repair_log", "outcome = 'repaired'");
    assertDenied(attack, "books_check", "receipts = 7");
    assertDenied(attack, "books_rule", "contradictions = 0");
    assertDenied(attack, "books_contradiction", "words = 'nothing'");
    assertDenied(attack, "journal_archive", "verified_at = now()");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into journal_archive values ('2026-01-01', 1, 1, 1, sha256('m'), now(), now())",
        "select admit_application('bincard'::name)",
        "set role bincard_owner",
        "create table mine ()",
        "create function mine() returns int language sql as 'select 1'"
      })
  void it_cannot_help_itself_to_more(String attack) {
    assertThatThrownBy(() -> ledger.sql().sql(attack).update())
        .isInstanceOf(DataAccessException.class)
        .hasStackTraceContaining("ERROR: ")
        .hasStackTraceContaining("denied");
  }

  @Test
  void two_roles_start_without_a_warning_and_settle_again_without_a_change(CapturedOutput output) {
    String grants =
        "select string_agg(relname || relacl::text || xmin::text, ' ' order by relname)"
            + " from pg_class where relnamespace = current_schema()::regnamespace and relacl is not null";
    String before = ledger.texts(grants).getFirst();

    ledger.migrate("latest");

    assertThat(ledger.texts(grants)).containsExactly(before);
    assertThat(output).doesNotContain(WARNING);
  }

  @Test
  void one_role_for_both_starts_with_one_warning_that_says_what_to_set(CapturedOutput output)
      throws SQLException {
    try (HikariDataSource owner = ledger.connectAsOwner()) {
      LedgerRoles.settle(
          new FluentConfiguration().dataSource(owner).defaultSchema(ledger.name()), owner);
    }

    assertThat(output)
        .containsOnlyOnce(WARNING)
        .contains("spring.flyway.user and spring.flyway.password");
  }

  private void assertDenied(String attack, String table, String change) {
    assertThatThrownBy(() -> ledger.sql().sql(attack.formatted(table, change)).update())
        .as(attack + " " + table)
        .isInstanceOf(DataAccessException.class)
        .hasStackTraceContaining(attack.matches("(drop|alter).*") ? "must be owner" : "denied");
  }

  private String partitionOf(String table) {
    return ledger.texts("select tableoid::regclass::text from " + table).getFirst();
  }
}
