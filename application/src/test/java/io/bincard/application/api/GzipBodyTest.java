package io.bincard.application.api;

import static io.bincard.application.api.Zipped.gzip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipBodyTest {

  private static final int MAX_INFLATION = 100;
  private static final int MEGABYTE = 1024 * 1024;
  private static final int HEADER_BYTES = 10;
  private static final byte[] HELLO = "hello, é😀\n".getBytes(UTF_8);

  private static byte[] inflated(byte[] sent) throws IOException {
    try (GzipBody body = body(new ByteArrayInputStream(sent))) {
      return body.readAllBytes();
    }
  }

  private static GzipBody body(InputStream sent) throws IOException {
    return new GzipBody(sent, MAX_INFLATION);
  }

  /** As a network may deliver it: a few bytes at a time, and no telling what comes next. */
  private static InputStream trickle(byte[] sent, int most) {
    return new ByteArrayInputStream(sent) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, most));
      }

      @Override
      public synchronized int available() {
        return 0;
      }
    };
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  private static void assertRefused(ThrowingCallable reading, String type) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            UnreadableBodyException.class,
            e -> assertThat(e.problem().type()).isEqualTo("/problems/" + type));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 3 * 1024 * 1024})
  void what_was_packed_comes_out(int length) throws IOException {
    byte[] plain = noise(length);

    assertThat(inflated(gzip(plain))).isEqualTo(plain);
  }

  @Test
  void members_follow_each_other_as_one_body_wherever_they_are_cut() throws IOException {
    byte[] sent = joined(gzip(HELLO), gzip(new byte[0]), gzip(noise(70_000)), gzip(HELLO));
    byte[] plain = joined(HELLO, noise(70_000), HELLO);

    assertThat(inflated(sent)).isEqualTo(plain);
    for (int most : new int[] {1, 2, 7, 4_096}) {
      try (GzipBody body = body(trickle(sent, most))) {
        assertThat(body.readAllBytes()).as("in portions of %d", most).isEqualTo(plain);
      }
    }
  }

  @Test
  void a_head_may_have_a_name_a_comment_more_fields_and_a_sum() throws IOException {
    byte[] member = gzip(HELLO);
    byte[] head = Arrays.copyOf(member, HEADER_BYTES);
    head[3] = 2 + 4 + 8 + 16;

    assertThat(
            inflated(
                joined(
                    head,
                    new byte[] {3, 0, 'x', 'y', 'z'},
                    "name\0comment\0".getBytes(UTF_8),
                    new byte[] {1, 2},
                    Arrays.copyOfRange(member, HEADER_BYTES, member.length))))
        .isEqualTo(HELLO);
    head[3] = 32;
    assertRefused(() -> inflated(joined(head, new byte[100])), "malformed-gzip");
  }

  @Test
  void a_body_that_is_cut_off_anywhere_is_refused() {
    byte[] sent = joined(gzip(HELLO), gzip(HELLO));
    int first = gzip(HELLO).length;
    for (int length = 0; length < sent.length; length++) {
      if (length != first) { // the first member is a whole body
        byte[] cut = Arrays.copyOf(sent, length);
        assertRefused(() -> inflated(cut), "malformed-gzip");
      }
    }
  }

  @Test
  void a_bit_that_was_turned_is_found_or_does_not_matter() throws IOException {
    byte[] sent = gzip(HELLO);
    for (int bit = HEADER_BYTES * 8; bit < sent.length * 8; bit++) {
      byte[] turned = sent.clone();
      turned[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(inflated(turned)).as("bit %d", bit).isEqualTo(HELLO);
      } catch (UnreadableBodyException e) {
        assertThat(e.problem().type()).isEqualTo("/problems/malformed-gzip");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\0", "{\"key\":1}\n"})
  void nothing_but_members_may_follow(String behind) {
    assertRefused(() -> inflated(joined(gzip(HELLO), behind.getBytes(UTF_8))), "malformed-gzip");
  }

  @Test
  void a_megabyte_may_come_out_of_anything_and_a_bomb_is_refused_soon_after() throws IOException {
    assertThat(inflated(gzip(new byte[MEGABYTE]))).hasSize(MEGABYTE);

    byte[] member = gzip(new byte[16 * MEGABYTE]);
    byte[] bomb = joined(member, member, member, member);
    try (GzipBody body = body(new ByteArrayInputStream(bomb))) {
      long[] inflated = new long[1];
      assertRefused(
          () -> {
            byte[] portion = new byte[8 * 1024];
            for (int count = body.read(portion); count >= 0; count = body.read(portion)) {
              inflated[0] += count;
            }
          },
          "inflates-too-much");
      assertThat(inflated[0]).isLessThan((long) (MAX_INFLATION + 1) * member.length + MEGABYTE);
    }
  }

  @Test
  void a_bomb_of_many_empty_members_comes_to_an_end() throws IOException {
    byte[] empty = gzip(new byte[0]);
    byte[] many = new byte[empty.length * 100_000];
    for (int i = 0; i < 100_000; i++) {
      System.arraycopy(empty, 0, many, i * empty.length, empty.length);
    }

    assertThat(inflated(many)).isEmpty();
  }

  @Test
  void what_was_flushed_is_at_hand_without_waiting_for_more() throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(sent, true)) {
      out.write(HELLO);
      out.flush();
      byte[] half = sent.toByteArray();
      GzipBody body = body(new ByteArrayInputStream(half));

      assertThat(body.available()).isEqualTo(HELLO.length);
      assertThat(body.readNBytes(HELLO.length)).isEqualTo(HELLO);
      assertThat(body.available()).isZero();
      assertRefused(body::read, "malformed-gzip");
    }
  }

  @Test
  void bytes_come_one_by_one_too() throws IOException {
    try (GzipBody body = body(new ByteArrayInputStream(gzip(new byte[] {(byte) 0xff, 0})))) {
      assertThat(body.read(new byte[0])).isZero();
      assertThat(body.read()).isEqualTo(0xff);
      assertThat(body.available()).isEqualTo(1);
      assertThat(body.read()).isZero();
      assertThat(body.read()).isEqualTo(-1);
    }
  }
}
