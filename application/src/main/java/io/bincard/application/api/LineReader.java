package io.bincard.application.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines with bounded memory. A line that is too long is skipped to its end and
 * reported as such.
 */
final class LineReader {

  /**
   * A line without its line end; {@code tooLong} if it was longer than allowed, then {@code bytes}
   * is empty.
   */
  record Line(ByteBuffer bytes, boolean tooLong) {}

  private static final int READ_BYTES = 64 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[READ_BYTES];
  private final byte[] line;
  private int from;
  private int to;
  private @Nullable IOException failure;

  LineReader(InputStream in, int maxLineBytes) {
    this.in = in;
    this.line = new byte[maxLineBytes + 1]; // a carriage return at its end does not count
  }

  /**
   * The next line, {@code null} at the end; an end without a line end ends the last line too.
   *
   * @throws IOException if the rest cannot be read; half a line before that is lost
   */
  @Nullable Line next() throws IOException {
    int length = 0;
    boolean tooLong = false;
    boolean any = false;
    while (true) {
      if (from == to) {
        if (failure != null) {
          throw failure;
        }
        from = 0;
        to = in.read(buffer);
        if (to < 0) {
          to = 0;
          return any ? line(length, tooLong) : null;
        }
      }
      any = any || from < to;
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      int count = end - from;
      if (length + count > line.length) {
        tooLong = true;
      } else {
        System.arraycopy(buffer, from, line, length, count);
        length += count;
      }
      from = end;
      if (from < to) {
        from++;
        return line(length, tooLong);
      }
    }
  }

  private Line line(int length, boolean tooLong) {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    return tooLong || end == line.length
        ? new Line(ByteBuffer.allocate(0), true)
        : new Line(ByteBuffer.wrap(Arrays.copyOf(line, end)), false);
  }

  /**
   * Whether the next line is here in full, so that {@link #next} would not wait for the sender.
   * Takes in what the sender has sent already.
   */
  boolean hasLineAtHand() {
    int seen = from;
    while (failure == null) {
      for (; seen < to; seen++) {
        if (buffer[seen] == '\n') {
          return true;
        }
      }
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
      seen = to;
      if (to == buffer.length || !takeIn()) {
        return false;
      }
    }
    return false;
  }

  /** Reads on without waiting; a failure is kept for whoever reads up to it. */
  private boolean takeIn() {
    try {
      int count = in.available() > 0 ? in.read(buffer, to, buffer.length - to) : 0;
      to += Math.max(count, 0);
      return count > 0;
    } catch (IOException e) {
      failure = e;
      return false;
    }
  }
}
