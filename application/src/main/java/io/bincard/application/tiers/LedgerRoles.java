package io.bincard.application.tiers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two roles of a ledger in PostgreSQL: one owns the tables and migrates them, the other is the
 * application and may add to the journal but never change it.
 */
public final class LedgerRoles {

  private static final Logger logger = LoggerFactory.getLogger(LedgerRoles.class);

  private static final String MAY_CHANGE_THE_JOURNAL =
      """
      select has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete')
        or has_table_privilege(c.oid, 'truncate') or pg_has_role(c.relowner, 'member')
      from pg_class c where c.oid = 'event_journal'::regclass
      """;

  private LedgerRoles() {}

  /**
   * Gives the role of {@code application} what it needs of the ledger that {@code migrated}
   * describes, and warns if that role could change the journal.
   */
  public static void settle(Configuration migrated, DataSource application) throws SQLException {
    try (Connection connection = application.getConnection()) {
      String role = currentUser(connection);
      try (Connection owner = migrated.getDataSource().getConnection()) {
        if (!role.equals(currentUser(owner))) {
          owner.setSchema(migrated.getDefaultSchema());
          try (PreparedStatement admit =
              owner.prepareStatement("select admit_application(?::name)")) {
            admit.setString(1, role);
            admit.execute();
          }
        }
      }
      if (mayChangeTheJournal(connection)) {
        logger
            .atWarn()
            .addKeyValue("role", role)
            .log(
                "The application's role in PostgreSQL could change the journal. Let another role own"
                    + " the tables: set spring.flyway.user and spring.flyway.password");
      }
    }
  }

  private static String currentUser(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select current_user")) {
      row.next();
      return row.getString(1);
    }
  }

  private static boolean mayChangeTheJournal(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(MAY_CHANGE_THE_JOURNAL)) {
      return row.next() && row.getBoolean(1);
    }
  }
}
