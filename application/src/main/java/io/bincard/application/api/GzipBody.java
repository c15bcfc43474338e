package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A gzip body (RFC 1952) as it inflates: any number of members, nothing behind the last, sums and
 * lengths checked.
 *
 * <p>{@link java.util.zip.GZIPInputStream} ends silently at a member that has not arrived yet, and
 * cannot say whether reading on would wait for the sender; this stream does neither. A body that
 * inflates beyond reason is refused before it costs much.
 */
final class GzipBody extends InputStream {

  /** So much may come out of any body, however well it was compressed. */
  private static final long FREE_BYTES = 1024 * 1024;

  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int MAGIC = 0x8b1f;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 1 << 1;
  private static final int EXTRA = 1 << 2;
  private static final int NAME = 1 << 3;
  private static final int COMMENT = 1 << 4;
  private static final int KNOWN_FLAGS = 0x1f;

  private final InputStream sent;
  private final int maxInflation;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32();
  private final byte[] in = new byte[BUFFER_BYTES];
  private int inFrom;
  private int inTo;
  private final byte[] ahead = new byte[BUFFER_BYTES];
  private int aheadFrom;
  private int aheadTo;
  private boolean inMember;
  private boolean over;
  private long received;
  private long inflated;

  /**
   * @param sent the compressed bytes
   * @param maxInflation how many times larger than what was sent the body may become, beyond its
   *     first megabyte
   * @throws UnreadableBodyException if {@code sent} does not begin as gzip does
   */
  GzipBody(InputStream sent, int maxInflation) throws IOException {
    this.sent = sent;
    this.maxInflation = maxInflation;
    if (!fill()) {
      throw malformed();
    }
    readHeader();
  }

  private static UnreadableBodyException malformed() {
    return new UnreadableBodyException(
        Problem.of(ProblemType.MALFORMED_GZIP, "the body is not gzip, or it is broken"));
  }

  private UnreadableBodyException inflatesTooMuch() {
    return new UnreadableBodyException(
        Problem.of(
            ProblemType.INFLATES_TOO_MUCH,
            "the body is more than " + maxInflation + " times larger than what was sent of it"));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  /**
   * @throws UnreadableBodyException if the body is broken, ends too early or inflates too much
   */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (aheadFrom < aheadTo) {
      int count = Math.min(length, aheadTo - aheadFrom);
      System.arraycopy(ahead, aheadFrom, target, offset, count);
      aheadFrom += count;
      return count;
    }
    while (!over) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        return count;
      }
      if (inflater.finished()) {
        endMember();
      } else if (!fill()) {
        throw malformed();
      }
    }
    return -1;
  }

  /** How much can be read for certain without waiting for the sender. */
  @Override
  public int available() throws IOException {
    if (aheadFrom == aheadTo && inMember) {
      aheadFrom = 0;
      aheadTo = inflate(ahead, 0, ahead.length);
      while (aheadTo == 0 && !inflater.finished() && sent.available() > 0 && fill()) {
        aheadTo = inflate(ahead, 0, ahead.length);
      }
    }
    return aheadTo - aheadFrom;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      int count = inflater.inflate(target, offset, length);
      if (inflater.needsDictionary()) {
        throw malformed();
      }
      sum.update(target, offset, count);
      inflated += count;
      long used = received - inflater.getRemaining();
      if (inflated > FREE_BYTES && inflated / maxInflation > used) {
        throw inflatesTooMuch();
      }
      return count;
    } catch (DataFormatException e) {
      throw malformed();
    }
  }

  /** Takes what the sender has sent next; false at the end of the request. */
  private boolean fill() throws IOException {
    int count = sent.read(in);
    if (count < 0) {
      return false;
    }
    received += count;
    inFrom = 0;
    inTo = count;
    inflater.setInput(in, 0, count);
    return true;
  }

  private void endMember() throws IOException {
    inMember = false;
    inFrom = inTo - inflater.getRemaining();
    if (nextInt() != (int) sum.getValue() || nextInt() != (int) inflater.getBytesWritten()) {
      throw malformed();
    }
    if (inFrom < inTo || fill()) {
      readHeader();
    } else {
      over = true;
    }
  }

  private void readHeader() throws IOException {
    if (nextShort() != MAGIC || next() != DEFLATE) {
      throw malformed();
    }
    int flags = next();
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw malformed();
    }
    nextInt(); // modification time
    nextShort(); // extra flags, operating system
    if ((flags & EXTRA) != 0) {
      for (int left = nextShort(); left > 0; left--) {
        next();
      }
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      nextShort();
    }
    sum.reset();
    inflater.reset();
    inflater.setInput(in, inFrom, inTo - inFrom);
    inMember = true;
  }

  private void skipText() throws IOException {
    int character;
    do {
      character = next();
    } while (character != 0);
  }

  private int nextInt() throws IOException {
    return nextShort() | nextShort() << 16;
  }

  private int nextShort() throws IOException {
    return next() | next() << 8;
  }

  private int next() throws IOException {
    while (inFrom == inTo) {
      if (!fill()) {
        throw malformed();
      }
    }
    return Byte.toUnsignedInt(in[inFrom++]);
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    sent.close();
  }
}
