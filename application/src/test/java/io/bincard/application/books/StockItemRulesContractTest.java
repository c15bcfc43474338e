package io.bincard.application.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.Approved;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.StockItem;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape in which opening balances are stored; one that changes needs another revision. */
class StockItemRulesContractTest {

  private static final Reservations RESERVED =
      Reservations.NONE
          .plus(new HoldId(new UUID(1, 2)), Instant.parse("2026-12-01T12:15:00.250Z"), 2)
          .plus(new HoldId(new UUID(0, 1)), Instant.parse("2026-12-01T12:00:00Z"), 3);
  private static final StockItem ITEM = new StockItem(41, -3, RESERVED, 1, 7, true);

  private final Approved approved = new Approved("snapshots");
  private final StockItemRules rules = new StockItemRules();

  @Test
  void a_balance_is_written_as_promised_for_its_revision_and_read_back() {
    String file = rules.revision().replace('/', '-') + ".json";

    approved.check(file, rules.write(ITEM));

    assertThat(rules.read(41, approved.text(file))).isEqualTo(ITEM);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"onHand\":1,\"reserved\":[],\"safetyStock\":3,\"backorderLimit\":4}",
        "{\"onHand\":1,\"reserved\":[],\"safetyStock\":3,\"backorderLimit\":4,\"frozen\":null}",
        "{\"onHand\":1,\"reserved\":[],\"safetyStock\":3,\"backorderLimit\":4,\"frozen\":true,\"more\":1}",
        "{\"onHand\":1,\"reserved\":[{\"hold\":\"00000000-0000-0000-0000-000000000001\",\"until\":\"2026-12-01T12:00:00Z\",\"amount\":-2}],\"safetyStock\":3,\"backorderLimit\":4,\"frozen\":true}"
      })
  void what_is_no_balance_is_not_taken_for_one(String json) {
    assertThatThrownBy(() -> rules.read(41, json)).isInstanceOf(RuntimeException.class);
  }
}
