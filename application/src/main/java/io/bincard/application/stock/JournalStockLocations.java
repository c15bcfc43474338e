package io.bincard.application.stock;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockLocations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Finds the items of a SKU by the names of their streams. */
public final class JournalStockLocations implements StockLocations {

  /**
   * In a database of the collation C, as ours are, the streams of a SKU stand side by side in the
   * index; no code has an @, so one that begins like another SKU's is another's.
   */
  private static final String STREAMS =
      "select stream from stream where stream >= ? and stream < ? order by stream limit ?";

  private final DataSource dataSource;

  public JournalStockLocations(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  @Override
  public List<LocationId> of(Sku sku, int limit) {
    String stream = new StockItemId(sku, LocationId.MAIN).stream();
    String prefix = stream.substring(0, stream.length() - LocationId.MAIN.value().length());
    List<LocationId> locations = new ArrayList<>();
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(STREAMS)) {
      statement.setString(1, prefix);
      statement.setString(2, prefix + '~'); // above every letter and digit
      statement.setInt(3, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          locations.add(new LocationId(row.getString(1).substring(prefix.length())));
        }
      }
    } catch (SQLException e) {
      throw new LedgerUnavailableException("the streams cannot be read", e);
    }
    return locations;
  }
}
