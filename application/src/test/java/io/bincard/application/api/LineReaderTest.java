package io.bincard.application.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {

  private static final int MAX_LINE = 16;
  private static final int BUFFER = 64 * 1024;
  private static final String TOO_LONG = "(too long)";

  /** Comes in portions, of which the first {@code here} are there without waiting. */
  private static final class Portions extends InputStream {

    private final List<byte[]> left = new ArrayList<>();
    private int here;

    Portions(int here, String... portions) {
      this.here = here;
      for (String portion : portions) {
        left.add(portion.getBytes(UTF_8));
      }
    }

    @Override
    public int read() {
      throw new AssertionError("byte by byte is too slow");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left.isEmpty()) {
        return -1;
      }
      byte[] portion = left.removeFirst();
      if (portion.length == 0) {
        throw new IOException("broken off");
      }
      here--;
      int count = Math.min(length, portion.length);
      System.arraycopy(portion, 0, target, offset, count);
      if (count < portion.length) {
        left.addFirst(Arrays.copyOfRange(portion, count, portion.length));
        here++;
      }
      return count;
    }

    @Override
    public int available() {
      return here > 0 && !left.isEmpty() ? 1 : 0;
    }
  }

  private static LineReader reader(String... portions) {
    return new LineReader(new Portions(0, portions), MAX_LINE);
  }

  private static String next(LineReader reader) throws IOException {
    LineReader.Line line = reader.next();
    return line == null
        ? "(end)"
        : line.tooLong() ? TOO_LONG : UTF_8.decode(line.bytes()).toString();
  }

  private static List<String> all(LineReader reader) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = next(reader); !line.equals("(end)"); line = next(reader)) {
      lines.add(line);
    }
    return lines;
  }

  @Test
  void a_line_ends_at_a_newline_or_at_the_end() throws IOException {
    assertThat(all(reader("a\nb\r\n\n \nc"))).containsExactly("a", "b", "", " ", "c");
    assertThat(all(reader("a\n"))).containsExactly("a");
    assertThat(all(reader("\n"))).containsExactly("");
    assertThat(all(reader())).isEmpty();
  }

  @Test
  void only_one_carriage_return_and_only_the_last_belongs_to_the_line_end() throws IOException {
    assertThat(all(reader("a\r\r\n\rb\n\r\n"))).containsExactly("a\r", "\rb", "");
  }

  @Test
  void a_line_comes_whole_from_portions_of_one_byte() throws IOException {
    String text = "é😀\r\nüü\n😀";
    byte[] bytes = text.getBytes(UTF_8);
    InputStream bytewise =
        new ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, 1);
          }
        };

    assertThat(all(new LineReader(bytewise, MAX_LINE))).containsExactly("é😀", "üü", "😀");
  }

  @ParameterizedTest
  @ValueSource(ints = {-4, -3, -2, -1, 0, 1})
  void a_character_of_four_bytes_may_lie_across_the_edge_of_the_buffer(int start)
      throws IOException {
    String filling = "\n".repeat(BUFFER + start);

    List<String> lines =
        all(
            new LineReader(
                new ByteArrayInputStream((filling + "😀é\nz").getBytes(UTF_8)), MAX_LINE));

    assertThat(lines).hasSize(BUFFER + start + 2).endsWith("😀é", "z");
  }

  @Test
  void a_line_as_long_as_allowed_is_taken_and_a_longer_one_is_skipped_to_its_end()
      throws IOException {
    String longest = "x".repeat(MAX_LINE);

    assertThat(all(reader(longest + "\n" + longest + "x\nb\n", longest, "x", "x\nc", "\n")))
        .containsExactly(longest, TOO_LONG, "b", TOO_LONG, "c");
    assertThat(all(reader(longest + "\r\n" + longest + "x\r\nb\r\n")))
        .containsExactly(longest, TOO_LONG, "b");
    assertThat(all(reader("x".repeat(3 * BUFFER) + "\nb\n" + longest + "x")))
        .containsExactly(TOO_LONG, "b", TOO_LONG);
  }

  @Test
  void half_a_line_before_the_break_is_lost_and_the_lines_before_it_are_not() throws IOException {
    LineReader reader = reader("a\nb\nha", "lf", "");

    assertThat(next(reader)).isEqualTo("a");
    assertThat(next(reader)).isEqualTo("b");
    assertThatThrownBy(reader::next).isInstanceOf(IOException.class).hasMessage("broken off");
  }

  @Test
  void what_breaks_while_looking_ahead_is_told_behind_the_whole_lines_before_it()
      throws IOException {
    LineReader reader = new LineReader(new Portions(2, "a\nb", "", "c\n"), MAX_LINE);

    assertThat(next(reader)).isEqualTo("a");
    assertThat(reader.hasLineAtHand()).isFalse();
    assertThatThrownBy(reader::next).hasMessage("broken off");
    assertThatThrownBy(reader::next).as("it stays broken").hasMessage("broken off");
  }

  @Test
  void a_line_is_at_hand_when_it_is_here_in_full() throws IOException {
    Portions portions = new Portions(2, "a\nb\nc", "c\nd", "d\n");
    LineReader reader = new LineReader(portions, MAX_LINE);

    assertThat(next(reader)).isEqualTo("a");
    assertThat(reader.hasLineAtHand()).isTrue();
    assertThat(next(reader)).isEqualTo("b");
    assertThat(reader.hasLineAtHand()).as("its second half is here too").isTrue();
    assertThat(next(reader)).isEqualTo("cc");
    assertThat(reader.hasLineAtHand()).as("its second half is not sent yet").isFalse();
    assertThat(next(reader)).isEqualTo("dd");
    assertThat(reader.hasLineAtHand()).isFalse();
    assertThat(reader.next()).isNull();
  }

  @Test
  void looking_ahead_takes_in_no_more_than_a_buffer() throws IOException {
    String[] portions =
        IntStream.range(0, 4).mapToObj(i -> "x".repeat(BUFFER / 2)).toArray(String[]::new);
    portions[0] = "a\n" + portions[0];
    Portions in = new Portions(4, portions);
    LineReader reader = new LineReader(in, MAX_LINE);

    assertThat(next(reader)).isEqualTo("a");
    assertThat(reader.hasLineAtHand()).isFalse();
    assertThat(in.left).as("two portions of half a buffer were taken").hasSizeBetween(2, 3);
  }
}
