package io.bincard.reconciliation.stored;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.reconciliation.stored.StoredViews.KeyTaker;
import io.bincard.reconciliation.stored.StoredViews.Keys;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the keys of one generation out of a snapshot as Redis gives it to replicas and writes it to
 * files, and computes of each row the digest that a {@code DUMP} of it has. Of values it decodes
 * sets alone; all others are only passed over.
 */
final class SnapshotReader {

  /** The snapshot has something in it that this does not know; the keys are to be scanned. */
  static final class UnknownFormatException extends RuntimeException {
    UnknownFormatException(String what) {
      super("the snapshot has " + what);
    }
  }

  private static final String MAGIC = "REDIS";
  private static final int VERSION_DIGITS = 4;

  // What a snapshot consists of
  private static final int END = 255;
  private static final int DATABASE = 254;
  private static final int EXPIRES_SECONDS = 253;
  private static final int EXPIRES_MILLIS = 252;
  private static final int SIZES = 251;
  private static final int ABOUT = 250;
  private static final int FREQUENCY = 249;
  private static final int IDLE = 248;
  private static final int ABOUT_MODULE = 247;
  private static final int FUNCTIONS = 245;
  private static final int SLOT = 244;

  // Types of values
  private static final int STRING = 0;
  private static final int LIST = 1;
  private static final int SET = 2;
  private static final int HASH = 4;
  private static final int SORTED_SET = 5;
  private static final int MODULE = 7;
  private static final int SET_OF_INTEGERS = 11;
  private static final int SMALL_HASH = 16;
  private static final int SMALL_SORTED_SET = 17;
  private static final int LIST_OF_NODES = 18;
  private static final int SMALL_SET = 20;

  private static final int LAST_TYPE = 127;

  // Encodings of a string, where its length would be; those below are numbers of 1, 2 and 4 bytes
  private static final int COMPRESSED = 3;
  private static final int NO_ENCODING = -1;

  // Of what a module wrote
  private static final int MODULE_END = 0;
  private static final int MODULE_FLOAT = 3;
  private static final int MODULE_DOUBLE = 4;
  private static final int MODULE_STRING = 5;

  private static final int NOTHING = -1;
  private static final int SCORE_BYTES = 8;
  private static final int BYTE = 0xff;
  private static final int AT_ONCE = 500;
  private static final int MEMBERS_AT_ONCE = 1_000;
  private static final int BUFFER = 1 << 18;
  private static final int MOST_AT_ONCE = 1 << 26;
  private static final List<String> ROWS = List.of("availability:", "hold:", "sku:");

  private final InputStream in;
  private final int database;
  private final byte[] prefix;
  private final KeyTaker taker;

  // What was read; from the mark, if there is one, all is kept
  private byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private int kept = NOTHING;

  /** The string that was read last, as long as nothing more is read. */
  private byte[] text = buffer;

  private int textFrom;
  private int textTo;

  private int version;
  private int encoding;

  // What was not given yet
  private List<String> rows = new ArrayList<>(AT_ONCE);
  private long[] digests = new long[AT_ONCE];
  private Map<String, List<String>> sets = new LinkedHashMap<>();
  private List<String> others = new ArrayList<>();
  private int members;

  /**
   * @param prefix what all keys of the generation begin with
   */
  SnapshotReader(InputStream in, int database, String prefix, KeyTaker taker) {
    this.in = in;
    this.database = database;
    this.prefix = prefix.getBytes(UTF_8);
    this.taker = taker;
  }

  /**
   * Gives all keys, and returns when it has read the snapshot to its end.
   *
   * @throws EOFException if it ends before that
   * @throws UnknownFormatException if it cannot be read by this
   */
  void read() throws IOException, InterruptedException {
    together(MAGIC.length() + VERSION_DIGITS);
    String beginning = new String(buffer, at, MAGIC.length() + VERSION_DIGITS, UTF_8);
    if (!beginning.matches(MAGIC + "[0-9]{4}")) {
      throw new UnknownFormatException("another beginning");
    }
    at += beginning.length();
    version = Integer.parseInt(beginning.substring(MAGIC.length()));
    long selected = 0;
    for (int what = next(); what != END; what = next()) {
      switch (what) {
        case DATABASE -> selected = length();
        case EXPIRES_SECONDS -> skip(Integer.BYTES);
        case EXPIRES_MILLIS -> skip(Long.BYTES);
        case SIZES -> skipLengths(2);
        case SLOT -> skipLengths(3);
        case ABOUT -> skipStrings(2);
        case FREQUENCY -> skip(1);
        case IDLE -> skipLengths(1);
        case FUNCTIONS -> skipStrings(1);
        case ABOUT_MODULE -> skipModule();
        default -> key(what, selected == database);
      }
    }
    give();
  }

  private void key(int type, boolean isOfDatabase) throws IOException, InterruptedException {
    if (type > LAST_TYPE) {
      throw new UnknownFormatException("a part of kind " + type);
    }
    readString();
    if (!isOfDatabase || !isInGeneration()) {
      skipValue(type);
      return;
    }
    String key =
        new String(text, textFrom + prefix.length, textTo - textFrom - prefix.length, UTF_8);
    if (isRow(key)) {
      digests[rows.size()] = digest(type);
      rows.add(key);
    } else if (type == SORTED_SET) {
      for (long left = length(); left > 0; left--) {
        readString();
        add(key, new String(text, textFrom, textTo - textFrom, UTF_8));
        skip(SCORE_BYTES);
      }
    } else if (type == SMALL_SORTED_SET) {
      readString();
      List<String> entries = entries();
      for (int i = 0; i < entries.size(); i += 2) { // between them their scores
        add(key, entries.get(i));
      }
    } else {
      skipValue(type);
      others.add(key);
    }
    if (rows.size() + sets.size() + others.size() >= AT_ONCE) {
      give();
    }
  }

  private List<String> entries() {
    try {
      return PackedList.entries(text, textFrom, textTo);
    } catch (IndexOutOfBoundsException e) {
      throw new UnknownFormatException("a list that goes on behind its end");
    }
  }

  private boolean isInGeneration() {
    return textTo - textFrom > prefix.length
        && Arrays.equals(text, textFrom, textFrom + prefix.length, prefix, 0, prefix.length);
  }

  private static boolean isRow(String key) {
    for (String row : ROWS) {
      if (key.startsWith(row)) {
        return true;
      }
    }
    return false;
  }

  /** That of the type, the value and the version, in the order in which a dump has its bytes. */
  private long digest(int type) throws IOException {
    kept = at;
    skipValue(type);
    long digest = DumpDigest.with(DumpDigest.with(0, type), buffer, kept, at);
    kept = NOTHING;
    digest = DumpDigest.with(DumpDigest.with(digest, version), version >>> Byte.SIZE);
    return Long.reverseBytes(digest);
  }

  private void add(String set, String member) throws InterruptedException {
    sets.computeIfAbsent(set, _ -> new ArrayList<>()).add(member);
    if (++members >= MEMBERS_AT_ONCE) {
      give();
    }
  }

  private void give() throws InterruptedException {
    if (rows.size() + sets.size() + others.size() > 0) {
      LongBuffer all = LongBuffer.wrap(digests, 0, rows.size());
      taker.take(new Keys(rows, all, sets, List.of(), others));
      rows = new ArrayList<>(AT_ONCE);
      digests = new long[AT_ONCE];
      sets = new LinkedHashMap<>();
      others = new ArrayList<>();
      members = 0;
    }
  }

  // Values that nobody needs

  private void skipValue(int type) throws IOException {
    switch (type) {
      case STRING, SET_OF_INTEGERS, SMALL_HASH, SMALL_SORTED_SET, SMALL_SET -> skipStrings(1);
      case LIST, SET -> skipStrings(length());
      case HASH -> skipStrings(2 * length());
      case LIST_OF_NODES -> {
        for (long left = length(); left > 0; left--) {
          skipLengths(1);
          skipStrings(1);
        }
      }
      case SORTED_SET -> {
        for (long left = length(); left > 0; left--) {
          skipStrings(1);
          skip(SCORE_BYTES);
        }
      }
      case MODULE -> skipModule();
      default -> throw new UnknownFormatException("a value of type " + type);
    }
  }

  private void skipModule() throws IOException {
    skipLengths(1);
    for (long what = length(); what != MODULE_END; what = length()) {
      switch ((int) what) {
        case MODULE_FLOAT -> skip(Float.BYTES);
        case MODULE_DOUBLE -> skip(Double.BYTES);
        case MODULE_STRING -> skipStrings(1);
        default -> skipLengths(1);
      }
    }
  }

  private void skipLengths(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      var unused = length();
    }
  }

  private void skipStrings(long count) throws IOException {
    for (long left = count; left > 0; left--) {
      long length = lengthOrEncoding();
      if (encoding == COMPRESSED) {
        length = length();
        skipLengths(1);
      } else if (encoding != NO_ENCODING) {
        length = 1L << encoding;
      }
      skip(length);
    }
  }

  // Strings and lengths

  private void readString() throws IOException {
    long length = lengthOrEncoding();
    if (encoding == COMPRESSED) {
      int packed = bearable(length());
      text = new byte[bearable(length())];
      together(packed);
      unpack(packed);
      textFrom = 0;
      textTo = text.length;
      at += packed;
    } else if (encoding != NO_ENCODING) {
      int bytes = 1 << encoding;
      together(bytes);
      text = Long.toString(PackedList.number(buffer, at, bytes)).getBytes(UTF_8);
      textFrom = 0;
      textTo = text.length;
      at += bytes;
    } else {
      together(length);
      text = buffer;
      textFrom = at;
      at += (int) length;
      textTo = at;
    }
  }

  private void unpack(int packed) {
    try {
      Lzf.unpack(buffer, at, at + packed, text);
    } catch (IndexOutOfBoundsException e) {
      throw new UnknownFormatException("a packed string that is longer than it says");
    }
  }

  private long length() throws IOException {
    long length = lengthOrEncoding();
    if (encoding != NO_ENCODING) {
      throw new UnknownFormatException("an encoding for a length");
    }
    return length;
  }

  /** Sets {@link #encoding}. */
  private long lengthOrEncoding() throws IOException {
    encoding = NO_ENCODING;
    int first = next();
    int rest = first & 0x3f;
    return switch (first >> 6) {
      case 0 -> rest;
      case 1 -> ((long) rest << Byte.SIZE) | next();
      case 2 -> {
        int bytes = rest == 0 ? Integer.BYTES : Long.BYTES;
        long length = 0;
        for (int i = 0; i < bytes; i++) {
          length = (length << Byte.SIZE) | next();
        }
        yield length;
      }
      default -> {
        if (rest > COMPRESSED) {
          throw new UnknownFormatException("an encoding " + rest);
        }
        encoding = rest;
        yield 0;
      }
    };
  }

  // Bytes

  private int next() throws IOException {
    together(1);
    return buffer[at++] & BYTE;
  }

  private void skip(long bytes) throws IOException {
    requireSense(bytes);
    long left = bytes;
    while (kept == NOTHING && left > end - at) {
      left -= end - at;
      at = end;
      together(1);
    }
    together(left);
    at += (int) left;
  }

  /** Has the next {@code bytes} in the buffer, and all from {@link #kept} on. */
  private void together(long bytes) throws IOException {
    requireSense(bytes);
    if (end - at >= bytes) {
      return;
    }
    int from = kept == NOTHING ? at : kept;
    System.arraycopy(buffer, from, buffer, 0, end - from);
    at -= from;
    end -= from;
    kept = kept == NOTHING ? NOTHING : 0;
    if (at + bytes > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(bearable(at + bytes), 2 * buffer.length));
    }
    while (end - at < bytes) {
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        throw new EOFException("the snapshot ends in the middle");
      }
      end += read;
    }
  }

  private static void requireSense(long bytes) {
    if (bytes < 0) {
      throw new UnknownFormatException("a length of " + bytes);
    }
  }

  private static int bearable(long bytes) {
    requireSense(bytes);
    if (bytes > MOST_AT_ONCE) {
      throw new UnknownFormatException(bytes + " bytes in one piece");
    }
    return (int) bytes;
  }
}
