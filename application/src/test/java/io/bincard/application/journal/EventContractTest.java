package io.bincard.application.journal;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.Approved;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.DocumentId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockEvent.StockAdjusted;
import io.bincard.domain.stock.StockEvent.StockCounted;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemFrozen;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockItemUnfrozen;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockEvent.StockReceived;
import io.bincard.domain.stock.StockEvent.StockReturned;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in a journal must be readable for ever, so what is written is approved by hand. */
class EventContractTest {

  private static final Approved APPROVED = new Approved("events");
  private static final JournalSerializer SERIALIZER = new JournalSerializer();

  /** One event of each kind and, where a part may be absent, one without it. */
  static Stream<StockEvent> samples() {
    Sku sku = new Sku("RED-MUG 250ml");
    LocationId location = new LocationId("WH-1");
    return Stream.of(
        new StockItemRegistered(
            sku, location, new Quantity(1_000), new Quantity(5), new Quantity(20)),
        new StockReceived(sku, location, new Quantity(48), new DocumentId("ASN-77")),
        new StockReceived(sku, location, new Quantity(48), null),
        new StockDeducted(sku, location, new Quantity(2), new OrderId("order-1")),
        new StockReturned(sku, location, new Quantity(1), new OrderId("order-1")),
        new StockAdjusted(
            sku, location, new Delta(-3), new Reason("broken \"in\" transit – ÄÖ 猫 🐈")),
        new StockCounted(sku, location, new Quantity(1_040), new Delta(-4)),
        new StockPolicySet(sku, location, Quantity.ZERO, new Quantity(Quantity.MAX)),
        new StockItemFrozen(sku, location, new Reason("count differs")),
        new StockItemUnfrozen(sku, location, new Reason("counted twice")));
  }

  private static String file(StockEvent event) {
    boolean bare = event instanceof StockReceived received && received.document() == null;
    SerializedObject<String> stored = SERIALIZER.serialize(event, String.class);
    return stored.getType().getName()
        + "-"
        + stored.getType().getRevision()
        + (bare ? "-bare" : "")
        + ".json";
  }

  @ParameterizedTest
  @MethodSource("samples")
  void writes_the_approved_json(StockEvent event) {
    APPROVED.check(file(event), SERIALIZER.serialize(event, String.class).getData());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void reads_the_approved_json(StockEvent event) {
    SerializedObject<String> stored = SERIALIZER.serialize(event, String.class);

    assertThat(read(stored.getType().getName(), "1", APPROVED.text(file(event)))).isEqualTo(event);
  }

  @Test
  void every_name_and_revision_has_an_approved_file_and_no_file_is_left_over() {
    assertThat(
            APPROVED.files().stream()
                .map(file -> file.replaceFirst("(-bare)?\\.json$", ""))
                .collect(toSet()))
        .isEqualTo(
            EventCatalog.names().stream().map(name -> name.replace('/', '-')).collect(toSet()));
  }

  @Test
  void every_event_of_the_domain_has_a_name_and_a_sample() {
    assertThat(EventCatalog.coversTheDomain()).isTrue();
    assertThat(samples().map(Object::getClass).collect(toSet()))
        .isEqualTo(Stream.of(StockEvent.class.getPermittedSubclasses()).collect(toSet()));
  }

  @ParameterizedTest
  @CsvSource({
    "stock-vanished, 1",
    "stock-deducted, 2",
    "stock-deducted,",
    "STOCK-DEDUCTED, 1",
    "io.bincard.domain.stock.StockEvent$StockDeducted, 1",
    "io.bincard.domain.stock.StockEvent$StockDeducted,",
    "io.bincard.application.journal.EventContractTest$Trap,",
    "java.lang.ProcessBuilder,",
    "'',"
  })
  void an_unknown_name_or_revision_is_refused_by_name(String name, String revision) {
    assertThatThrownBy(() -> read(name, revision, "{}"))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("an event that this version does not know: " + name)
        .hasMessageContaining("revision " + revision);
    assertThat(Trap.Alarm.rung).isFalse();
  }

  @Test
  void what_is_no_event_has_no_name_to_be_written_under() {
    assertThatThrownBy(() -> SERIALIZER.serialize("just a string", String.class))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("no stored event name for java.lang.String");
  }

  private static Object read(String name, String revision, String json) {
    return SERIALIZER.deserialize(
        new SimpleSerializedObject<>(json, String.class, new SimpleSerializedType(name, revision)));
  }

  /** Rings when it is loaded. */
  static final class Trap {

    /** Its own class, so that looking does not ring. */
    static final class Alarm {
      static boolean rung;
    }

    static {
      Alarm.rung = true;
    }
  }
}
