package io.bincard.application.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockReturned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.axonframework.serialization.SimpleSerializedType;
import org.junit.jupiter.api.Test;

/** The quick reader against Jackson's, on what is stored and on what nearly is. */
class PlainEventsTest {

  private static final JournalSerializer SERIALIZER = new JournalSerializer();
  private static final long SEED = 20261122;
  private static final int DAMAGED = 300_000;
  private static final byte[] WORDS =
      "{}\",:0123456789azAZ -.#\\u00e4eE+[]\u00e4\u0000".getBytes(UTF_8);

  private final PlainEvents plain = new PlainEvents();

  /**
   * What is stored, damaged or not.
   *
   * @param json a character for each byte
   */
  private record Stored(Class<?> type, String json) {

    static Stored of(Class<?> type, byte[] json) {
      return new Stored(type, new String(json, ISO_8859_1));
    }

    byte[] bytes() {
      return json.getBytes(ISO_8859_1);
    }
  }

  /** What the approved samples are stored as, and the examples of the reference. */
  private static List<Stored> stored() throws IOException {
    List<Stored> all = new ArrayList<>();
    EventContractTest.samples()
        .forEach(
            event ->
                all.add(
                    Stored.of(
                        event.getClass(),
                        SERIALIZER.serialize(event, String.class).getData().getBytes(UTF_8))));
    Class<?> type = Object.class;
    for (String line : Files.readAllLines(Path.of("../docs/reference/events.md"))) {
      if (line.startsWith("## ") && line.contains("/")) {
        String[] name = line.substring(3).split("/", 2);
        type = SERIALIZER.classForType(new SimpleSerializedType(name[0], name[1]));
      } else if (line.startsWith("    {")) {
        all.add(Stored.of(type, line.strip().getBytes(UTF_8)));
      }
    }
    return all;
  }

  private static Object asJacksonReads(Stored stored) {
    return SERIALIZER.readerOf(stored.type()).readValue(stored.bytes());
  }

  @Test
  void reads_every_stored_event_that_it_knows_as_jackson_does() throws IOException {
    List<Class<?>> read = new ArrayList<>();
    for (Stored stored : stored()) {
      if (PlainEvents.knows(stored.type())) {
        assertThat(plain.read(stored.type(), stored.bytes(), 0, stored.bytes().length))
            .isEqualTo(asJacksonReads(stored));
        read.add(stored.type());
      }
    }
    assertThat(read)
        .contains(StockDeducted.class, StockReturned.class, StockItemRegistered.class)
        .hasSize(6);
  }

  @Test
  void what_it_reads_of_damaged_bytes_jackson_reads_too() throws IOException {
    List<Stored> known =
        stored().stream().filter(stored -> PlainEvents.knows(stored.type())).toList();
    Random random = new Random(SEED);
    int read = 0;
    for (int i = 0; i < DAMAGED; i++) {
      Stored stored = known.get(random.nextInt(known.size()));
      byte[] json = damaged(stored.bytes(), random);
      Object event = plain.read(stored.type(), json, 0, json.length);
      if (event != null) {
        read++;
        Stored damaged = Stored.of(stored.type(), json);
        assertThat(event).as(damaged.json()).isEqualTo(asJacksonReads(damaged));
      }
    }
    assertThat(read).as("seed " + SEED).isBetween(DAMAGED / 50, DAMAGED / 2);
  }

  /** One or two bytes are another one, too many, or gone. */
  private static byte[] damaged(byte[] json, Random random) {
    byte[] damaged = json;
    for (int times = 1 + random.nextInt(2); times > 0; times--) {
      int at = random.nextInt(damaged.length);
      int cut = random.nextInt(2);
      int put = random.nextInt(2);
      byte[] next = new byte[damaged.length - cut + put];
      System.arraycopy(damaged, 0, next, 0, at);
      System.arraycopy(damaged, at + cut, next, at + put, damaged.length - at - cut);
      if (put == 1) {
        next[at] = WORDS[random.nextInt(WORDS.length)];
      }
      damaged = next;
    }
    return damaged;
  }

  @Test
  void leaves_to_jackson_what_the_ledger_does_not_write() {
    for (String other :
        List.of(
            "{\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":1, \"orderId\":\"o\"}",
            "{\"location\":\"MAIN\",\"sku\":\"A\",\"quantity\":1,\"orderId\":\"o\"}",
            "{\"sku\":\"\\u0041\",\"location\":\"MAIN\",\"quantity\":1,\"orderId\":\"o\"}",
            "{\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":01,\"orderId\":\"o\"}",
            "{\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":9007199254740992,\"orderId\":\"o\"}",
            "{\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":99999999999999999999,\"orderId\":\"o\"}",
            "{\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":-1,\"orderId\":\"o\"}",
            "{\"sku\":\"A \",\"location\":\"MAIN\",\"quantity\":1,\"orderId\":\"o\"}",
            "{\"sku\":\"\",\"location\":\"MAIN\",\"quantity\":1,\"orderId\":\"o\"}",
            "{\"sku\":\"A\",\"location\":\"MAINE@\",\"quantity\":1,\"orderId\":\"o\"}",
            "{\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":1,\"orderId\":\"o\"} ",
            "{\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":1,\"orderId\":\"o\",\"later\":1}",
            "{\"sku\":\"A\"",
            "")) {
      byte[] json = other.getBytes(UTF_8);

      assertThat(plain.read(StockDeducted.class, json, 0, json.length)).as(other).isNull();
    }
  }

  @Test
  void reads_no_further_than_it_may() {
    byte[] row =
        "..{\"sku\":\"A\",\"location\":\"MAIN\",\"quantity\":1,\"orderId\":\"o\"}.."
            .getBytes(UTF_8);

    assertThat(plain.read(StockDeducted.class, row, 2, row.length - 4)).isNotNull();
    for (int length = 0; length < row.length - 4; length++) {
      assertThat(plain.read(StockDeducted.class, row, 2, length)).isNull();
    }
  }
}
