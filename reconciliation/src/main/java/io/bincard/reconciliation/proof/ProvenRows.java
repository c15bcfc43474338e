package io.bincard.reconciliation.proof;

import io.bincard.reconciliation.expected.Buckets;
import io.bincard.reconciliation.stored.FoundRow;
import io.bincard.reconciliation.stored.Mark;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of the live generation were compared, field by field, and found to say what they must,
 * and the digest that Redis had of each at that moment. As long as no event touches a row and its
 * digest is the same, it need not be compared again: so a look at all of them is a matter of
 * seconds.
 *
 * <p>In the memory of the node that folds, for only that one hears of every event; it forgets all
 * when it may have missed one. A row has 54 bits of its key and those of its bucket: among ten
 * million rows the chance that any two are taken for one is one in three hundred thousand. Some 60
 * bytes a row and 40 a set that it stands in. Safe for many threads.
 */
public final class ProvenRows {

  private static final long NOWHERE = -1;
  private static final byte GONE = -1;
  private static final long ANY_DIGEST = -1;
  private static final int BUCKET_BITS = 10;
  private static final int TIDY_AT_LEAST = 10_000;

  private final int most;

  // Guarded by this
  private boolean follows;
  private boolean isWhole;
  private @Nullable Mark of;
  private long position = NOWHERE;
  private int lastStamp;
  private int tidyAt = TIDY_AT_LEAST;
  private byte pass = 1;
  private Rows rows = new Rows();
  private Lines lines = new Lines();

  /** By the numbers of {@link #keys}. */
  private static final class Rows {
    private final LongIndex keys = new LongIndex();

    /** What was proven, or, of a row that is not, the position of the event that touched it. */
    private long[] said = new long[keys.capacity()];

    /** Of what was proven, another one each time; 0 of what is not proven. */
    private int[] stamp = new int[keys.capacity()];

    /** The last pass that saw it; {@link #GONE} of what must not be there. */
    private byte[] seen = new byte[keys.capacity()];

    private int gone;

    int add(long key) {
      int number = keys.add(key);
      if (keys.capacity() > said.length) {
        said = Arrays.copyOf(said, keys.capacity());
        stamp = Arrays.copyOf(stamp, keys.capacity());
        seen = Arrays.copyOf(seen, keys.capacity());
      }
      return number;
    }
  }

  /** By the numbers of {@link #texts}. */
  private static final class Lines {
    private final LongIndex texts = new LongIndex();
    private int[] row = new int[texts.capacity()];

    /** That of its row when it stood in it; it does no more once the row has another one. */
    private int[] stamp = new int[texts.capacity()];

    private byte[] seen = new byte[texts.capacity()];

    int add(long text) {
      int number = texts.add(text);
      if (texts.capacity() > row.length) {
        row = Arrays.copyOf(row, texts.capacity());
        stamp = Arrays.copyOf(stamp, texts.capacity());
        seen = Arrays.copyOf(seen, texts.capacity());
      }
      return number;
    }
  }

  /**
   * @param most rows at most; beyond, all is forgotten
   */
  public ProvenRows(int most) {
    this.most = most;
  }

  // What the fold tells

  /** This node folds from {@code position} on. */
  public synchronized void follow(long position) {
    if (position != this.position) {
      forget();
    }
    this.position = position;
    follows = true;
  }

  /** This node folds no more. */
  public synchronized void leave() {
    follows = false;
  }

  /**
   * Events touched rows: what was proven of them counts no more.
   *
   * @param after up to where events were folded before
   * @param upTo up to where they are now
   */
  public synchronized void touched(Collection<String> keys, long after, long upTo) {
    if (after != position) {
      forget();
    }
    position = Math.max(after, upTo);
    if (of != null) {
      for (String key : keys) {
        int row = rows.add(hash(key));
        if (rows.seen[row] == GONE) {
          rows.seen[row] = 0;
          rows.gone--;
        }
        rows.said[row] = upTo;
        rows.stamp[row] = 0;
      }
      tidy();
    }
  }

  // What comparison tells

  /** Begins to learn the rows of the generation of {@code mark}, and forgets all others. */
  public synchronized void learn(Mark mark) {
    forget();
    of = mark;
  }

  /** Every row that there must be was compared since {@link #learn} or is known to be touched. */
  public synchronized void learnt(Mark mark) {
    isWhole = isOf(mark);
  }

  /** Whether all rows of the generation of {@code mark} are known to this node. */
  public synchronized boolean isWhole(Mark mark) {
    return follows && isWhole && isOf(mark);
  }

  /** Whether this node folds, and so hears of every event. */
  public synchronized boolean follows() {
    return follows;
  }

  /** Up to where the events are that this knows of. */
  public synchronized long position() {
    return position;
  }

  /** Whether an event behind {@code position} touched the row and it was not proven since. */
  public synchronized boolean isTouchedSince(String key, long position) {
    int row = rows.keys.find(hash(key));
    return row != LongIndex.NONE && rows.stamp[row] == 0 && rows.said[row] > position;
  }

  /** Rows that are known. */
  public synchronized int size() {
    return rows.keys.size() - rows.gone;
  }

  /** There must be a row, whatever it says now. */
  public synchronized void expect(Mark mark, String key, long asOf) {
    if (isOf(mark) && rows.keys.find(hash(key)) == LongIndex.NONE) {
      int row = rows.add(hash(key));
      rows.said[row] = asOf;
    }
  }

  /**
   * A row says what it must.
   *
   * @param found with its digest; without one there is no row, and must be none
   * @param sets the lines of the sets that it must stand in
   * @param asOf up to where the events are that what it must say was made of
   */
  public synchronized void prove(Mark mark, FoundRow found, Set<String> sets, long asOf) {
    if (!isOf(mark)) {
      return;
    }
    long key = hash(found.key());
    int row = rows.keys.find(key);
    if (row != LongIndex.NONE && rows.stamp[row] == 0 && rows.said[row] > asOf) {
      return; // touched since
    }
    if (!found.exists() && found.digest() != ANY_DIGEST) {
      if (row != LongIndex.NONE && rows.seen[row] != GONE) {
        rows.stamp[row] = 0;
        rows.said[row] = asOf;
        rows.seen[row] = GONE;
        rows.gone++;
      }
      return;
    }
    row = rows.add(key);
    if (rows.seen[row] == GONE) {
      rows.gone--;
    }
    rows.seen[row] = pass;
    rows.said[row] = found.digest();
    rows.stamp[row] = ++lastStamp == 0 ? ++lastStamp : lastStamp;
    for (String line : sets) {
      int number = lines.add(bits(line));
      lines.row[number] = row;
      lines.stamp[number] = rows.stamp[row];
      lines.seen[number] = pass;
    }
    tidy();
  }

  /**
   * A row that was compared before this was made, and has not been since: it is taken for right
   * whatever its digest is.
   */
  public synchronized void assume(Mark mark, String key, Set<String> sets) {
    prove(mark, new FoundRow(key, Map.of(), sets, ANY_DIGEST), sets, Long.MAX_VALUE);
  }

  // A pass

  /**
   * Begins to look at all rows, in place of whoever did so before; those that are proven meanwhile
   * are seen too. Returns the number of the pass.
   */
  public synchronized int beginPass() {
    pass = (byte) (pass == Byte.MAX_VALUE ? 1 : pass + 1);
    return pass;
  }

  /** Whether nobody began another pass since. */
  public synchronized boolean isPass(int number) {
    return pass == number;
  }

  /** Whether the row of {@code key} is proven to be right as long as it has {@code digest}. */
  public synchronized boolean isProven(String key, long digest) {
    int row = rows.keys.find(hash(key));
    if (row == LongIndex.NONE || rows.seen[row] == GONE) {
      return false;
    }
    rows.seen[row] = pass;
    return rows.stamp[row] != 0 && (rows.said[row] == digest || rows.said[row] == ANY_DIGEST);
  }

  /** Whether a row that is proven must stand where {@code line} says. */
  public synchronized boolean isProven(String line) {
    int number = lines.texts.find(bits(line));
    if (number == LongIndex.NONE || !counts(number)) {
      return false;
    }
    lines.seen[number] = pass;
    return true;
  }

  private boolean counts(int line) {
    return lines.stamp[line] != 0 && rows.stamp[lines.row[line]] == lines.stamp[line];
  }

  /** Now, for {@link #isProvenSince}. */
  public synchronized int moment() {
    return lastStamp;
  }

  /**
   * Whether the row of {@code key} was proven to be right since {@code moment}, and must stand
   * where each of {@code lines} says.
   */
  public synchronized boolean isProvenSince(int moment, String key, Collection<String> lines) {
    int row = rows.keys.find(hash(key));
    return row != LongIndex.NONE
        && rows.stamp[row] != 0
        && rows.stamp[row] - moment > 0
        && lines.stream().allMatch(this::isProven);
  }

  /**
   * Rows that were not seen in this pass, or not in every set that they must stand in; as {@link
   * #hash} has them.
   */
  public synchronized Set<Long> unseen() {
    Set<Long> unseen = new HashSet<>();
    for (int row = 0; row < rows.keys.size(); row++) {
      if (rows.seen[row] != pass && rows.seen[row] != GONE) {
        unseen.add(rows.keys.value(row));
      }
    }
    for (int line = 0; line < lines.texts.size(); line++) {
      if (lines.seen[line] != pass && counts(line)) {
        unseen.add(rows.keys.value(lines.row[line]));
      }
    }
    return unseen;
  }

  /** Whether there must be a row that was not seen in this pass. */
  public synchronized boolean isUnseen(String key) {
    int row = rows.keys.find(hash(key));
    return row != LongIndex.NONE && rows.seen[row] != pass && rows.seen[row] != GONE;
  }

  /** Those of {@link #unseen} need not be there: nobody expects them any more. */
  public synchronized void drop(Collection<Long> hashes) {
    for (long hash : hashes) {
      int row = rows.keys.find(hash);
      if (row != LongIndex.NONE && rows.seen[row] != GONE) {
        rows.stamp[row] = 0;
        rows.seen[row] = GONE;
        rows.gone++;
      }
    }
  }

  private boolean isOf(Mark mark) {
    return of != null && of.generation() == mark.generation() && of.epoch().equals(mark.epoch());
  }

  private void forget() {
    of = null;
    isWhole = false;
    rows = new Rows();
    lines = new Lines();
    tidyAt = TIDY_AT_LEAST;
  }

  /** Throws away what counts no more, when all has doubled since; or all, if it is too much. */
  private void tidy() {
    if (rows.keys.size() - rows.gone > most) {
      forget();
      return;
    }
    if (rows.keys.size() + lines.texts.size() < tidyAt) {
      return;
    }
    Rows kept = new Rows();
    int[] now = new int[rows.keys.size()];
    for (int row = 0; row < rows.keys.size(); row++) {
      if (rows.seen[row] != GONE) {
        now[row] = kept.add(rows.keys.value(row));
        kept.said[now[row]] = rows.said[row];
        kept.stamp[now[row]] = rows.stamp[row];
        kept.seen[now[row]] = rows.seen[row];
      }
    }
    Lines keptLines = new Lines();
    for (int line = 0; line < lines.texts.size(); line++) {
      if (counts(line)) {
        int number = keptLines.add(lines.texts.value(line));
        keptLines.row[number] = now[lines.row[line]];
        keptLines.stamp[number] = lines.stamp[line];
        keptLines.seen[number] = lines.seen[line];
      }
    }
    rows = kept;
    lines = keptLines;
    tidyAt = Math.max(TIDY_AT_LEAST, 2 * (rows.keys.size() + lines.texts.size()));
  }

  /** 54 bits of the key and its bucket. */
  public static long hash(String key) {
    return bits(key) << BUCKET_BITS | Buckets.of(key);
  }

  /** The bucket of a row, out of {@link #hash}. */
  public static int bucket(long hash) {
    return (int) (hash & ((1 << BUCKET_BITS) - 1));
  }

  /** FNV-1a, with its bits mixed once more at the end. */
  private static long bits(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    return hash ^ (hash >>> 33);
  }
}
