package io.bincard.application.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.journal.Journal;
import io.bincard.application.journal.JournalBatch;
import io.bincard.application.journal.JournalFencedException;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.receipts.Receipt;
import io.bincard.application.writer.NotLeadingException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Who may take the ledger over, and what becomes of what the leader before had begun. */
class LedgerLeaseIT {

  private static final Duration WAIT = Duration.ofSeconds(5);

  private final AtomicReference<Instant> told = new AtomicReference<>();
  private boolean heldWhenTold;
  private EmptyLedger ledger;
  private HikariDataSource pool;
  private LedgerLease first;
  private LedgerLease second;

  @BeforeEach
  void open() {
    ledger = new EmptyLedger();
    pool = ledger.connect();
    first = lease(Duration.ofSeconds(30));
    second = lease(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    first.drop();
    second.drop();
    pool.close();
    ledger.close();
  }

  private LedgerLease lease(Duration length) {
    return new LedgerLease(pool, length, WAIT, this::hear);
  }

  private void hear(Instant now) {
    told.set(now);
    heldWhenTold = first.isHeld();
  }

  @Test
  void is_refused_while_another_node_has_it() throws SQLException {
    Journal journal = first.journal();

    assertThatThrownBy(second::journal).isInstanceOf(NotLeadingException.class);

    journal.commit(batch(journal, "k"));
    assertThat(ledger.count("command_receipt")).isEqualTo(1);
  }

  @Test
  void is_free_at_once_after_a_release_and_after_the_session_is_gone() throws SQLException {
    first.journal();
    first.release();
    second.journal();
    assertThat(second.certainEpoch()).isEqualTo(2);

    second.drop(); // as the end of its process: the session ends and the lease still runs
    await().untilAsserted(() -> assertThat(first.journal().epoch()).isEqualTo(3));
  }

  @Test
  void tells_the_time_of_postgres_before_it_is_held() throws SQLException {
    Instant before = Instant.now(); // this machine is PostgreSQL's too

    first.journal();

    assertThat(told.get()).isBetween(before.minusMillis(1), Instant.now().plusMillis(1));
    assertThat(heldWhenTold).isFalse();
    assertThat(first.isHeld()).isTrue();
  }

  @Test
  void passes_on_when_it_ran_out_and_ends_what_the_paused_leader_had_begun() throws SQLException {
    Journal journal = first.journal();
    try (Statement begun = journal.connection().createStatement()) {
      // As far as a commit gets without being one; the leader sleeps here.
      begun.executeUpdate("update ledger_head set position = position");
      begun.executeUpdate("insert into stream values ('half', 1)");
    }
    runOut();

    assertThat(second.journal().epoch()).isEqualTo(2);

    assertThat(ledger.count("stream")).isZero();
    assertThatThrownBy(() -> journal.commit(batch(journal, "late")))
        .isInstanceOf(SQLException.class);
    assertThat(ledger.count("command_receipt")).isZero();
  }

  /** Where the old session cannot be ended, the epoch alone must do. */
  @Test
  void a_leader_whose_session_outlives_its_lease_is_fenced() throws SQLException {
    try (Connection kept = pool.getConnection()) {
      Journal old = Journal.takeOver(kept);
      second.journal();

      assertThatThrownBy(() -> old.commit(batch(old, "late")))
          .isInstanceOf(JournalFencedException.class);
    }
    assertThat(ledger.count("command_receipt")).isZero();
  }

  /** It is the lease that ends the session, so there is nothing to be warned of. */
  @Test
  void drops_its_session_without_a_warning_of_the_pool() throws SQLException {
    Logger hikari = (Logger) LoggerFactory.getLogger("com.zaxxer.hikari");
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    hikari.addAppender(logged);
    try {
      Journal journal = first.journal();
      try (Statement begun = journal.connection().createStatement()) {
        begun.executeUpdate("update ledger_head set position = position");
      }
      first.drop();
      await().untilAsserted(() -> assertThat(second.journal().epoch()).isEqualTo(2));

      assertThat(logged.list).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
    } finally {
      hikari.detachAppender(logged);
    }
  }

  @Test
  void is_certain_only_while_it_runs_by_this_nodes_own_clock() throws SQLException {
    LedgerLease brief = lease(Duration.ofMillis(300));
    brief.journal();
    Leader me = brief.leading();
    assertThat(brief.certainEpoch()).isEqualTo(1);
    await().untilAsserted(() -> assertThat(brief.certainEpoch()).isZero());
    assertThat(brief.isHeld()).as("nobody took it").isTrue();

    assertThat(me).isNotNull();
    brief.renewed(me, System.nanoTime());
    assertThat(brief.certainEpoch()).isEqualTo(1);
    brief.replaced(me);
    assertThat(brief.certainEpoch()).isZero();
    assertThat(brief.isHeld()).isFalse();
    brief.drop();
  }

  @Test
  void a_candidate_that_sleeps_in_its_take_over_does_not_keep_the_others_waiting()
      throws SQLException {
    try (Connection sleeping = pool.getConnection()) {
      sleeping.setAutoCommit(false);
      LeaseTable table = new LeaseTable(sleeping);
      table.boundTransaction(Duration.ofMillis(300));
      assertThat(table.mayLead("sleeper")).isTrue();

      assertThat(first.journal().epoch()).isEqualTo(1);
      first.abandon(sleeping);
    }
  }

  private void runOut() {
    ledger.sql().sql("update ledger_lease set expires_at = timestamptz '-infinity'").update();
  }

  private static JournalBatch batch(Journal journal, String key) {
    JournalBatch batch = new JournalBatch(journal.head(), new JournalSerializer());
    batch.addReceipt(
        new Receipt(CommandKey.of(key), Fingerprint.of("t", key), new Outcome(409, "{}"), null));
    return batch;
  }
}
