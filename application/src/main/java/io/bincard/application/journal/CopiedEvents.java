package io.bincard.application.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.domain.CommittedEvent;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory.Part;
import io.bincard.domain.stock.LedgerUnavailableException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.serialization.SimpleSerializedType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;

/**
 * Reads the rows of one {@code COPY … TO STDOUT (FORMAT binary)}: after a header before the first
 * row, each row is the number of its fields (16 bits) and of each field its length (32 bits) and
 * bytes.
 */
final class CopiedEvents {

  /** The signature, before the length of an extension of the header that nobody has used yet. */
  private static final int SIGNATURE = 15;

  private static final long EPOCH_SECOND = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
  private static final long MICROS = 1_000_000;
  private static final int NANOS = 1_000;

  private final Kinds kinds;
  private final long after;
  private final long upTo;
  private final List<CommittedEvent> events;
  private long position;
  private long micros = Long.MIN_VALUE;
  private Instant time = Instant.EPOCH;
  private Kinds.Kind kind = Kinds.Kind.NONE;

  /** The fields of a row that name {@link #kind}. */
  private byte[] kindWords = {};

  private final PlainEvents plain = new PlainEvents();
  private boolean isBegun;

  /** What is made of each stored type; safe for use by many threads. */
  static final class Kinds {

    private final JournalSerializer serializer;
    private final Set<Class<? extends LedgerEvent>> wanted;
    private final Map<String, Kind> known = new ConcurrentHashMap<>();

    Kinds(JournalSerializer serializer, Set<Class<? extends LedgerEvent>> wanted) {
      this.serializer = serializer;
      this.wanted = wanted;
    }

    /**
     * A stored type.
     *
     * @param reader null if nobody wants its events
     */
    private record Kind(Class<?> type, @Nullable ObjectReader reader) {

      static final Kind NONE = new Kind(Object.class, null);
    }

    /** An unknown name is refused, wanted or not: nobody could say so. */
    private Kind of(String type, String revision) {
      return known.computeIfAbsent(
          type + '/' + revision,
          _ -> {
            Class<?> known = serializer.classForType(new SimpleSerializedType(type, revision));
            return new Kind(
                known,
                wanted.stream().anyMatch(kind -> kind.isAssignableFrom(known))
                    ? serializer.readerOf(known)
                    : null);
          });
    }
  }

  /** Takes the events after {@code after} up to {@code upTo}. */
  CopiedEvents(Kinds kinds, long after, long upTo) {
    this.kinds = kinds;
    this.after = after;
    this.upTo = upTo;
    this.position = after;
    this.events = new ArrayList<>((int) (upTo - after));
  }

  /**
   * Takes what one message of the copy holds.
   *
   * @throws LedgerUnavailableException if it is not the next event
   */
  void add(byte[] message) {
    ByteBuffer row = ByteBuffer.wrap(message);
    if (!isBegun) {
      isBegun = true;
      row.position(SIGNATURE);
      row.position(row.getInt() + row.position());
    }
    if (!row.hasRemaining() || row.getShort() < 0) {
      return; // the header alone, or the end
    }
    row.getInt();
    long found = row.getLong();
    if (found != position + 1) {
      throw missing(found);
    }
    position = found;
    String stream = text(message, row, UTF_8);
    row.getInt();
    long sequence = row.getLong();
    readKind(message, row);
    row.getInt();
    readTime(row.getLong());
    int length = row.getInt();
    ObjectReader reader = kind.reader();
    if (reader != null) {
      LedgerEvent event = read(reader, message, row.position(), length);
      events.add(new CommittedEvent(stream, sequence, position, time, event));
    }
  }

  private LedgerEvent read(ObjectReader reader, byte[] message, int offset, int length) {
    LedgerEvent event =
        PlainEvents.knows(kind.type()) ? plain.read(kind.type(), message, offset, length) : null;
    return event == null ? reader.readValue(message, offset, length) : event;
  }

  /** Most events are of the kind of the one before. */
  private void readKind(byte[] message, ByteBuffer row) {
    int from = row.position();
    int to = from + kindWords.length;
    if (kindWords.length > 0
        && to <= message.length
        && Arrays.equals(message, from, to, kindWords, 0, kindWords.length)) {
      row.position(to);
    } else {
      kind = kinds.of(text(message, row, ISO_8859_1), text(message, row, ISO_8859_1));
      kindWords = Arrays.copyOfRange(message, from, row.position());
    }
  }

  /** All events of a batch were made at one time. */
  private void readTime(long read) {
    if (read != micros) {
      micros = read;
      time =
          Instant.ofEpochSecond(
              EPOCH_SECOND + Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * NANOS);
    }
  }

  /** Everything that was taken, which must be all there is. */
  Part part() {
    if (position != upTo) {
      throw missing(position);
    }
    return new Part(upTo, time, events);
  }

  private static String text(byte[] message, ByteBuffer row, Charset charset) {
    int length = row.getInt();
    String text = new String(message, row.position(), length, charset);
    row.position(row.position() + length);
    return text;
  }

  private LedgerUnavailableException missing(long found) {
    return new LedgerUnavailableException(
        "of the events after %d up to %d the journal in PostgreSQL has not all: after %d comes %d; what is missing lies in the archive"
            .formatted(after, upTo, position, found),
        new IllegalStateException("position " + (position + 1)));
  }
}
