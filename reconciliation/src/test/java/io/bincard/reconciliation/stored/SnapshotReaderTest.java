package io.bincard.reconciliation.stored;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.reconciliation.stored.SnapshotReader.UnknownFormatException;
import io.bincard.reconciliation.stored.StoredViews.Keys;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotReaderTest {

  private static final String PREFIX = "bincard:main:1:";

  private final List<Keys> given = new ArrayList<>();

  /** A snapshot, by its parts: numbers are bytes, texts have their length before them. */
  private static byte[] snapshot(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("REDIS0010".getBytes(UTF_8));
    for (Object part : parts) {
      if (part instanceof Integer number) {
        out.write(number);
      } else {
        byte[] text = part.toString().getBytes(UTF_8);
        out.write(text.length);
        out.writeBytes(text);
      }
    }
    out.write(0xff);
    out.writeBytes(new byte[Long.BYTES]);
    return out.toByteArray();
  }

  private static final byte[] WHOLE =
      snapshot(
          0xfa,
          "redis-ver",
          "7.0.15", // about it
          0xf7,
          0x0a,
          2,
          2,
          5,
          "of a module",
          4,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0, // about a module
          0xfe,
          3,
          0xfb,
          2,
          1, // the database 3, and its sizes
          4,
          PREFIX + "sku:of-another",
          1,
          "name",
          "x",
          0xfe,
          0,
          0xfc,
          1,
          2,
          3,
          4,
          5,
          6,
          7,
          8, // expires
          4,
          PREFIX + "sku:A",
          1,
          "name",
          "a",
          0xf9,
          9,
          0xf8,
          0x41,
          0x05, // how often and when it was used
          5,
          PREFIX + "names",
          2,
          "one",
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0xc0,
          0xfe,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          7,
          PREFIX + "a-module's",
          1,
          2,
          8,
          3,
          0,
          0,
          0,
          0,
          0,
          18,
          PREFIX + "a-list",
          1,
          2,
          "nodes",
          0,
          "somebody's",
          "text");

  private void read(byte[] snapshot) throws Exception {
    new SnapshotReader(new ByteArrayInputStream(snapshot), 0, PREFIX, given::add).read();
  }

  @Test
  void the_keys_of_the_generation_and_of_the_database_are_given() throws Exception {
    read(WHOLE);

    Keys keys = given.getFirst();
    assertThat(given).hasSize(1);
    assertThat(keys.rows()).containsExactly("sku:A");
    assertThat(keys.sets()).isEqualTo(Map.of("names", List.of("one", "-2")));
    assertThat(keys.others()).containsExactly("a-module's", "a-list");
    assertThat(keys.count()).isEqualTo(4);
  }

  @Test
  void one_that_ends_too_early_is_no_whole_one_wherever_it_ends() {
    for (int length = 0; length < WHOLE.length - Long.BYTES; length++) {
      byte[] part = Arrays.copyOf(WHOLE, length);
      assertThatThrownBy(() -> read(part)).as(length + " bytes").isInstanceOf(EOFException.class);
    }
    assertThatCode(() -> read(WHOLE)).doesNotThrowAnyException();
  }

  @Test
  void what_is_not_known_is_said_to_be_so() {
    for (byte[] other :
        List.of(
            "RADIS0010".getBytes(UTF_8),
            "REDIS001x".getBytes(UTF_8),
            snapshot(21, "a-stream", 1),
            snapshot(240, "a part"),
            snapshot(0, 0xc4),
            snapshot(0, 0x81, 0x7f, 0, 0, 0, 0, 0, 0, 0),
            snapshot(0, 0x81, 0x80, 0, 0, 0, 0, 0, 0, 0), // less than nothing
            snapshot(0, 0x81, 0, 0, 0, 1, 0, 0, 0, 0), // 4 GB
            snapshot(0, 0xc3, 0x80, 0x7f, 0xff, 0xff, 0xff, 4),
            snapshot(0, 0xc3, 4, 0x80, 0x7f, 0xff, 0xff, 0xff),
            snapshot(0, 0xc3, 2, 4, 0xff, 0xff, 0xff), // repeats what is not there
            snapshot(17, PREFIX + "names", "\0\0\0\0\0\0\377"),
            snapshot(17, PREFIX + "names", "no end"))) {
      assertThatThrownBy(() -> read(other))
          .as(Arrays.toString(other))
          .isInstanceOf(UnknownFormatException.class);
    }
  }

  @Test
  void whatever_is_broken_ends_with_an_answer() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] broken = WHOLE.clone();
      broken[9 + random.nextInt(broken.length - 9)] = (byte) random.nextInt();
      try {
        read(broken);
      } catch (EOFException | UnknownFormatException expected) {
        assertThat(expected).hasMessageContaining("snapshot");
      } catch (Exception e) {
        throw new AssertionError("byte by byte: " + Arrays.toString(broken), e);
      }
    }
  }

  @Test
  void the_checksum_is_that_of_redis() {
    byte[] digits = "123456789".getBytes(UTF_8);

    assertThat(DumpDigest.with(0, digits, 0, digits.length)).isEqualTo(0xe9c6d914c4b8d9caL);
    long one = 0;
    for (byte digit : digits) {
      one = DumpDigest.with(one, digit);
    }
    assertThat(one).isEqualTo(0xe9c6d914c4b8d9caL);
  }
}
