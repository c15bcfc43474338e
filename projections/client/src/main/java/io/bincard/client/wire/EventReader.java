package io.bincard.client.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads server-sent events as <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">the HTML standard</a> has
 * them, wherever the network cuts the bytes. {@code retry} is passed over: how long to wait is this
 * client's own affair.
 *
 * <p>One block is kept at a time, up to a limit. A block that the connection breaks off counts for
 * nothing, its id neither.
 */
public final class EventReader {

  /** Bytes of one block; Bincard's are shorter than a thousand. */
  public static final int MOST_BYTES = 64 * 1_024;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final Consumer<ServerEvent> events;
  private byte[] line = new byte[512];
  private int length;
  private int blockBytes;
  private boolean firstLine = true;
  private boolean afterReturn;
  private boolean hasLines;
  private String type = "";
  private final StringBuilder data = new StringBuilder();
  private boolean hasData;
  private boolean hasId;
  private String id = "";

  /**
   * @param events told of each block when its blank line is read
   */
  public EventReader(Consumer<ServerEvent> events) {
    this.events = events;
  }

  /**
   * Takes what came.
   *
   * @throws UnreadableException if a block is longer than {@link #MOST_BYTES}
   */
  public void read(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (afterReturn && next == '\n') {
        afterReturn = false;
        continue;
      }
      afterReturn = next == '\r';
      if (next == '\n' || next == '\r') {
        endLine();
      } else {
        keep(next);
      }
    }
  }

  private void keep(byte next) {
    if (++blockBytes > MOST_BYTES) {
      throw new UnreadableException("an event of more than " + MOST_BYTES + " bytes");
    }
    if (length == line.length) {
      line = Arrays.copyOf(line, 2 * length);
    }
    line[length++] = next;
  }

  private void endLine() {
    int start = firstLine && startsWithMark() ? BYTE_ORDER_MARK.length : 0;
    String text = new String(line, start, length - start, UTF_8);
    firstLine = false;
    length = 0;
    if (text.isEmpty()) {
      endBlock();
    } else {
      hasLines = true;
      field(text);
    }
  }

  private boolean startsWithMark() {
    int mark = BYTE_ORDER_MARK.length;
    return length >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark);
  }

  private void field(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    if (value.startsWith(" ")) {
      value = value.substring(1);
    }
    switch (name) {
      case "event" -> type = value;
      case "data" -> {
        data.append(hasData ? "\n" : "").append(value);
        hasData = true;
      }
      case "id" -> {
        if (value.indexOf('\0') < 0) {
          id = value;
          hasId = true;
        }
      }
      default -> {} // A comment, or what the standard may have one day.
    }
  }

  private void endBlock() {
    if (hasLines) {
      events.accept(new ServerEvent(type.isEmpty() ? "message" : type, data.toString(), hasId, id));
    }
    hasLines = false;
    blockBytes = 0;
    type = "";
    data.setLength(0);
    hasData = false;
    hasId = false;
  }
}
