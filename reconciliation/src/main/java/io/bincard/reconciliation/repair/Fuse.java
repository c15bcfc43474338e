package io.bincard.reconciliation.repair;

import io.bincard.domain.register.Canaries;
import io.bincard.domain.stock.LedgerUnavailableException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Stops all repairs where too much differs to be mended row by row: then something is wrong that a
 * repair would only hide. In PostgreSQL, for all nodes and until a person resets it. Every method
 * throws {@code DataAccessException} if PostgreSQL does not answer.
 */
public final class Fuse {

  private static final Logger logger = LoggerFactory.getLogger(Fuse.class);

  private final JdbcClient sql;
  private final Canaries canaries;

  public Fuse(DataSource dataSource, Canaries canaries) {
    this.sql = JdbcClient.create(dataSource);
    this.canaries = canaries;
  }

  /**
   * That it is blown.
   *
   * @param run the one that blew it
   * @param compared rows of that run
   * @param differed how many of them differed, as far as was known
   */
  public record Blown(UUID run, long compared, long differed, Instant blownAt) {}

  /** Empty while it is whole. */
  public Optional<Blown> state() {
    return sql.sql("select run, compared, differed, blown_at from reconciliation_fuse")
        .query(
            (row, _) ->
                new Blown(
                    row.getObject("run", UUID.class),
                    row.getLong("compared"),
                    row.getLong("differed"),
                    row.getTimestamp("blown_at").toInstant()))
        .optional();
  }

  /**
   * Blows it, unless it is blown already, and stops a canary that is running.
   *
   * @throws LedgerUnavailableException if it is not known whether the canary was stopped; the fuse
   *     is blown all the same
   */
  public void blow(UUID run, long compared, long differed) {
    int blown =
        sql.sql(
                "insert into reconciliation_fuse (run, compared, differed) values (?, ?, ?)"
                    + " on conflict do nothing")
            .params(run, compared, differed)
            .update();
    if (blown == 1) {
      logger
          .atError()
          .addKeyValue("run", run)
          .addKeyValue("compared", compared)
          .addKeyValue("differed", differed)
          .log("Too many rows of the views differ from the ledger: repairs are stopped");
    }
    if (canaries.stop("reconciliation-fuse-" + run)) {
      logger
          .atError()
          .addKeyValue("run", run)
          .log("The canary was stopped, for the views differ from the ledger");
    }
  }

  /** Allows repairs again; {@code false} if they were. */
  public boolean reset() {
    boolean reset = sql.sql("delete from reconciliation_fuse").update() > 0;
    if (reset) {
      logger.atWarn().log("The fuse was reset: repairs are allowed again");
    }
    return reset;
  }
}
