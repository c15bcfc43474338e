package io.bincard.client.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

  /** Reads {@code text} in pieces of {@code size} bytes. */
  private static List<ServerEvent> read(String text, int size) {
    List<ServerEvent> events = new ArrayList<>();
    EventReader reader = new EventReader(events::add);
    byte[] bytes = text.getBytes(UTF_8);
    for (int at = 0; at < bytes.length; at += size) {
      reader.read(ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at)));
    }
    return events;
  }

  private static List<ServerEvent> read(String text) {
    return read(text, Integer.MAX_VALUE / 2);
  }

  private static ServerEvent message(String data) {
    return new ServerEvent("message", data, false, "");
  }

  @Test
  void reads_the_same_events_wherever_the_network_cuts_them() {
    String text =
        """
        \uFEFF: hello

        id: 7
        event: stock
        data: {"sku":"Tee – grün ☕ 𝄞"}

        data: one
        data: two\r\ndata:three\r\n\r\ndata: four\r\rid\nevent:x\ndata\ndata:  five

        id: 9

        data: it breaks off""";
    List<ServerEvent> whole = read(text);

    assertThat(whole)
        .containsExactly(
            new ServerEvent("message", "", false, ""),
            new ServerEvent("stock", "{\"sku\":\"Tee – grün ☕ 𝄞\"}", true, "7"),
            new ServerEvent("message", "one\ntwo\nthree", false, "7"),
            new ServerEvent("message", "four", false, "7"),
            new ServerEvent("x", "\n five", true, ""),
            new ServerEvent("message", "", true, "9"));
    for (int size = 1; size < text.length(); size++) {
      assertThat(read(text, size)).as("pieces of %d bytes", size).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void knows_all_three_ends_of_a_line(String end) {
    assertThat(read("data: a" + end + end + "data: b" + end + end))
        .containsExactly(message("a"), message("b"));
  }

  @Test
  void an_id_counts_when_its_block_is_whole_and_stays_until_the_next() {
    assertThat(read("id: 4\n\nid: 5\ndata: x"))
        .containsExactly(new ServerEvent("message", "", true, "4"));
    assertThat(read("id: 4\n\ndata: x\n\n").getLast())
        .isEqualTo(new ServerEvent("message", "x", false, "4"));
  }

  @Test
  void an_id_with_a_null_in_it_is_no_id() {
    assertThat(read("id: 4\0\ndata: x\n\n")).containsExactly(message("x"));
  }

  @Test
  void a_mark_of_byte_order_is_one_at_the_beginning_alone() {
    assertThat(read("\uFEFFdata: a\n\n\uFEFFdata: b\n\n"))
        .containsExactly(message("a"), new ServerEvent("message", "", false, ""));
  }

  @Test
  void bytes_that_are_no_text_are_replaced_and_break_nothing() {
    List<ServerEvent> events = new ArrayList<>();
    new EventReader(events::add)
        .read(ByteBuffer.wrap(new byte[] {'d', 'a', 't', 'a', ':', (byte) 0xC3, '\n', '\n'}));

    assertThat(events).containsExactly(message("\uFFFD"));
  }

  @Test
  void an_event_has_a_limit_however_its_lines_are_cut() {
    String half = "data: " + "x".repeat(EventReader.MOST_BYTES / 2) + "\n";

    assertThat(read("data: " + "x".repeat(EventReader.MOST_BYTES - 6) + "\n\n")).hasSize(1);
    assertThatThrownBy(() -> read(half + half)).isInstanceOf(UnreadableException.class);
    assertThatThrownBy(() -> read(":".repeat(EventReader.MOST_BYTES + 1)))
        .isInstanceOf(UnreadableException.class);
    assertThat(read((half + "\n").repeat(3))).as("each alone is short enough").hasSize(3);
  }
}
