package io.bincard.application.stock;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.Approved;
import io.bincard.application.problems.StockProblems;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Outcome;
import io.bincard.application.writer.Refused;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockCommand.AdjustStock;
import io.bincard.domain.stock.StockCommand.CountStock;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockCommand.FreezeStockItem;
import io.bincard.domain.stock.StockCommand.ReceiveStock;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.bincard.domain.stock.StockCommand.ReturnStock;
import io.bincard.domain.stock.StockCommand.SetStockPolicy;
import io.bincard.domain.stock.StockCommand.UnfreezeStockItem;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockRejection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An outcome is stored word for word; what clients read in it is approved by hand. */
class OutcomeContractTest {

  private static final Approved APPROVED = new Approved("outcomes");
  private static final CommandKey KEY = CommandKey.of("0198f2f0-key");

  private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

  /** Three units are promised; a fourth was until now. */
  private static final Reservations RESERVED =
      Reservations.NONE
          .plus(new HoldId(new UUID(0, 1)), NOW.plusMillis(1), 3)
          .plus(new HoldId(new UUID(0, 2)), NOW, 1);

  static Stream<StockCommand> commands() {
    Sku sku = new Sku("RED-MUG");
    LocationId location = LocationId.MAIN;
    Quantity one = new Quantity(1);
    return Stream.of(
        new RegisterStockItem(sku, location, one, one, one),
        new ReceiveStock(sku, location, one, null),
        new DeductStock(sku, location, one, new OrderId("o")),
        new ReturnStock(sku, location, one, new OrderId("o")),
        new AdjustStock(sku, location, new Delta(1), new Reason("r")),
        new CountStock(sku, location, one),
        new SetStockPolicy(sku, location, one, one),
        new FreezeStockItem(sku, location, new Reason("r")),
        new UnfreezeStockItem(sku, location, new Reason("r")));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void of_a_taken_command_is_the_approved_one(StockCommand command) {
    StockItem after = new StockItem(6, 40, RESERVED, 2, 0, false);
    Outcome outcome = new StockTaken(command, after, NOW, List.of()).outcome(KEY, 77);

    APPROVED.check(
        command.getClass().getSimpleName() + ".txt", outcome.status() + " " + outcome.body());
  }

  @Test
  void of_a_refused_command_is_its_problem() {
    StockRejection rejection =
        new StockRejection.InsufficientStock(new Sku("RED-MUG"), LocationId.MAIN, 3, 1);
    Outcome outcome = new Refused(StockProblems.of(rejection)).outcome(KEY, 77);

    APPROVED.check("refused.txt", outcome.status() + " " + outcome.body());
    assertThat(outcome.isDone()).isFalse();
  }

  @Test
  void every_command_of_the_domain_has_a_sample() {
    assertThat(commands().map(Object::getClass).collect(toSet()))
        .isEqualTo(Stream.of(StockCommand.class.getPermittedSubclasses()).collect(toSet()));
  }
}
