package io.bincard.benchmarks.ledger;

import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.benchmarks.load.Sink;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.hold.HoldCommand;
import io.bincard.domain.hold.HoldCommand.ConfirmHold;
import io.bincard.domain.hold.HoldCommand.DeductOrder;
import io.bincard.domain.hold.HoldCommand.PlaceHold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.OrderLine;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.StockItemId;
import java.util.List;
import java.util.Set;
import java.util.function.LongToIntFunction;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;

/** Orders of a few lines with one unit each, held and confirmed, or taken at once. */
final class HoldOrders {

  static final int LINES = 3;

  private static final String ID = "\"hold\":{\"id\":\"";
  private static final int ID_LENGTH = 36;

  private final CommandGateway gateway;
  private final Deductions keys;
  private final int items;

  HoldOrders(CommandGateway gateway, Deductions keys, int items) {
    this.gateway = gateway;
    this.keys = keys;
    this.items = items;
  }

  private List<OrderLine> lines(long number, int lines) {
    return IntStream.range(0, lines)
        .mapToObj(
            i -> {
              StockItemId item = Deductions.item(Math.floorMod(number * LINES + i, items));
              return OrderLine.of(item.sku(), item.location(), new Quantity(1));
            })
        .toList();
  }

  private PlaceHold hold(long number, int lines, int ttlSeconds) {
    return new PlaceHold(
        new OrderId("order-" + number),
        lines(number, lines),
        List.of(),
        Set.of(),
        null,
        OnExhausted.REJECT,
        ReleaseStage.STABLE,
        ttlSeconds);
  }

  /** Holds, and confirms as soon as that is answered; done when both are. */
  Sink pairs() {
    return (number, done) ->
        send(
            "place-hold",
            hold(number, LINES, 900),
            keys.key(2 * number),
            placed -> {
              if (placed == null) {
                done.with(false);
              } else {
                HoldId hold = idIn(placed);
                send(
                    "confirm-hold",
                    new ConfirmHold(hold, List.of(), Rest.RELEASE),
                    keys.key(2 * number + 1),
                    confirmed -> done.with(confirmed != null));
              }
            });
  }

  /** Holds of one unit that nobody confirms, each for so many seconds as {@code ttl} says. */
  Sink forgotten(LongToIntFunction ttl) {
    return (number, done) ->
        send(
            "place-hold",
            hold(number, 1, ttl.applyAsInt(number)),
            keys.key(number),
            placed -> done.with(placed != null));
  }

  /** Orders that are taken at once. */
  Sink deductions() {
    return (number, done) ->
        send(
            "deduct-order",
            new DeductOrder(new OrderId("order-" + number), lines(number, LINES), List.of()),
            keys.key(number),
            taken -> done.with(taken != null));
  }

  private interface Told {
    /** The body of the answer, {@code null} if the command was not done. */
    void with(@Nullable String body);
  }

  private void send(String type, HoldCommand command, String key, Told told) {
    CommandMessage<HoldCommand> message =
        KeyedCommands.message(
            command,
            CommandKey.of(key),
            Fingerprint.of(type, LedgerJson.write(command)),
            ExpectedVersion.ANY,
            null);
    gateway.send(
        message,
        (sent, result) ->
            told.with(
                !result.isExceptional()
                        && result.getPayload() instanceof Answer.Told answer
                        && answer.outcome().isDone()
                        && !answer.replayed()
                    ? answer.outcome().body()
                    : null));
  }

  private static HoldId idIn(String body) {
    int from = body.indexOf(ID) + ID.length();
    return HoldId.of(body.substring(from, from + ID_LENGTH));
  }
}
