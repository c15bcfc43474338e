package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.projections.availability.AvailabilityView;
import io.bincard.projections.filling.Fold;
import io.bincard.projections.filling.StoredRows;
import io.bincard.projections.filling.View;
import io.bincard.projections.viewstore.ViewRow;
import io.bincard.reconciliation.repair.RepairLog;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** A view with a mistake in it: each deduction of seven units counts as one of eight. */
class WrongViewIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Puts the mistake into the view of items. */
  static final class SevenIsEight implements BeanPostProcessor {
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      return bean instanceof View view && view.name().equals(AvailabilityView.NAME)
          ? new WrongView(view)
          : bean;
    }
  }

  private record WrongView(View right) implements View {
    @Override
    public String name() {
      return right.name();
    }

    @Override
    public Set<Class<? extends LedgerEvent>> kinds() {
      return right.kinds();
    }

    @Override
    public Fold fold(StoredRows stored, int remembered) {
      return new WrongFold(right.fold(stored, remembered));
    }

    @Override
    public OptionalLong rows(LedgerHistory history, long position) {
      return right.rows(history, position);
    }
  }

  private record WrongFold(Fold right) implements Fold {
    @Override
    public void take(List<CommittedEvent> events) {
      right.take(events.stream().map(WrongFold::wrong).toList());
    }

    private static CommittedEvent wrong(CommittedEvent committed) {
      return committed.event() instanceof StockDeducted deducted && deducted.quantity().units() == 7
          ? new CommittedEvent(
              committed.stream(),
              committed.sequence(),
              committed.position(),
              committed.time(),
              new StockDeducted(
                  deducted.sku(), deducted.location(), new Quantity(8), deducted.orderId()))
          : committed;
    }

    @Override
    public void drain(Consumer<ViewRow> rows) {
      right.drain(rows);
    }

    @Override
    public int held() {
      return right.held();
    }

    @Override
    public void forget() {
      right.forget();
    }
  }

  private static void deduct(RunningBincard bincard, String sku, int quantity) throws Exception {
    assertThat(
            bincard
                .post(
                    "/v1/stock/" + sku + "/deductions",
                    sku + "-" + quantity,
                    "{\"quantity\":" + quantity + ",\"orderId\":\"o\"}")
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void a_view_that_counts_wrong_is_found_named_and_put_right() throws Exception {
    try (RunningBincard bincard =
        RunningBincard.withPart(
            SevenIsEight.class,
            "bincard.reconciliation.enabled=true",
            // Or a pass would find the row, too, and tell a moment later that it is right by now.
            "bincard.reconciliation.watch.every=0")) {
      for (String sku : List.of("CUP", "POT")) {
        bincard.post("/v1/stock-items", sku, "{\"sku\":\"" + sku + "\",\"openingQuantity\":100}");
      }
      deduct(bincard, "CUP", 6);
      deduct(bincard, "POT", 7);

      RepairLog log = bincard.bean(RepairLog.class);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  log.entries(null, 0, 100).stream()
                      .anyMatch(entry -> entry.outcome().equals("repaired")));
      assertThat(log.entries(null, 0, 100))
          .allSatisfy(
              entry -> {
                assertThat(entry.key()).isEqualTo("availability:POT@MAIN");
                assertThat(entry.kind()).isEqualTo("edited");
                assertThat(entry.cause()).contains("other content in available, in, onHand");
                assertThat(String.valueOf(entry.before())).contains("onHand=92");
                assertThat(String.valueOf(entry.after())).contains("onHand=93");
              });
      await()
          .atMost(PATIENCE)
          .until(() -> bincard.get("/v1/stock/POT").body().contains("\"onHand\":93"));
    }
  }
}
