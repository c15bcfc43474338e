package io.bincard.benchmarks.micro;

import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Fingerprint;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.receipts.Outcome;
import io.bincard.domain.Decision;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockRejection;
import java.lang.invoke.MethodHandle;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.axonframework.messaging.MetaData;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The steps of one deduction. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CommandBenchmark {

  private static final MethodHandle DERIVE =
      Inside.method("io.bincard.application.journal.EventIds", "derive");
  private static final MethodHandle TOLD =
      Inside.method("io.bincard.application.api.AnswerLine", "told");

  private static final long OPENING = 1_000_000;

  private final CommandKey key = CommandKey.of("0199d0a0-0000-7000-8000-000000000001");
  private final DeductStock command =
      new DeductStock(new Sku("SKU-1"), LocationId.MAIN, new Quantity(1), new OrderId("order-1"));
  private final StockDeducted event =
      new StockDeducted(command.sku(), command.location(), command.quantity(), command.orderId());
  private final StockItem item =
      StockItem.UNREGISTERED.evolve(
          new StockItemRegistered(
              command.sku(),
              command.location(),
              new Quantity(OPENING),
              Quantity.ZERO,
              Quantity.ZERO));
  private final JournalSerializer serializer = new JournalSerializer();
  private final MetaData metaData =
      MetaData.with("tenant", "default").and("client", "default").and("key", key.key());
  private final Outcome outcome =
      new Outcome(
          201,
          "{\"key\":\"0199d0a0-0000-7000-8000-000000000001\",\"status\":\"done\","
              + "\"stream\":\"stock:SKU-1@MAIN\",\"version\":1,\"position\":2,\"onHand\":999999,"
              + "\"reserved\":0,\"available\":999999}");

  @Benchmark
  public Decision<StockEvent, StockRejection> decide() {
    return item.decide(command, ExpectedVersion.ANY, Instant.now());
  }

  @Benchmark
  public StockItem evolve() {
    return item.evolve(event);
  }

  @Benchmark
  public String serializePayload() {
    return serializer.serialize(event, String.class).getData();
  }

  @Benchmark
  public String serializeMetaData() {
    return serializer.serialize(metaData, String.class).getData();
  }

  @Benchmark
  public Fingerprint fingerprint() {
    return Fingerprint.of("deduct-stock", LedgerJson.write(command));
  }

  @Benchmark
  public UUID eventId() throws Throwable {
    return (UUID) DERIVE.invokeExact(key, 0);
  }

  @Benchmark
  public String answerLine() throws Throwable {
    return (String) TOLD.invokeExact(key.key(), outcome, false);
  }
}
