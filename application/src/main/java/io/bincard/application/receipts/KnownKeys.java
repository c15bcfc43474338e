package io.bincard.application.receipts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLongArray;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a key can have a receipt: a Bloom filter over the keys of all receipts, which spares most
 * commands, whose keys are new, the look-up in PostgreSQL. It errs on one side only: it may take a
 * new key for a known one, three times in ten thousand when it is full, and never a known one for
 * new.
 *
 * <p>It is filled from PostgreSQL in the background; until that is done, and when there are more
 * keys than it was made for, every key may be known. One thread adds new keys and asks.
 */
public final class KnownKeys {

  private static final Logger logger = LoggerFactory.getLogger(KnownKeys.class);

  private static final int BITS_A_KEY = 20;
  private static final int PROBES = 7;
  private static final int WORDS_A_BLOCK = 8;
  private static final int FETCH_SIZE = 10_000;

  private static final String ALL = "select tenant, client, key from command_receipt";

  private final AtomicLongArray words;
  private final long maxKeys;
  private volatile boolean complete;
  private volatile boolean abandoned;
  private long added;

  /**
   * Of an empty ledger.
   *
   * @param maxKeys how many keys there may be; each takes {@value #BITS_A_KEY} bits. With 0 every
   *     key may be known
   */
  public KnownKeys(long maxKeys) {
    this.maxKeys = maxKeys;
    long blocks = Math.max(1, maxKeys * BITS_A_KEY / (Long.SIZE * WORDS_A_BLOCK));
    this.words = new AtomicLongArray(Math.toIntExact(blocks * WORDS_A_BLOCK));
  }

  /** Reads the keys of all receipts there are, on a thread of its own. */
  public void fillFrom(DataSource dataSource) {
    if (maxKeys > 0) {
      Thread.ofPlatform().daemon().name("ledger-keys").start(() -> fill(dataSource));
    }
  }

  /** Nobody asks it any more; ends {@link #fillFrom}. */
  public void abandon() {
    abandoned = true;
  }

  private void fill(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement statement = connection.prepareStatement(ALL)) {
        statement.setFetchSize(FETCH_SIZE);
        finish(read(statement));
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      logger.atWarn().setCause(e).log("The known keys could not be read; each is looked up");
    }
  }

  /** The number of keys there were, -1 if not all were read. */
  private long read(PreparedStatement statement) throws SQLException {
    long read = 0;
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        set(hash(rows.getString(1), rows.getString(2), rows.getString(3)));
        if (++read > maxKeys || abandoned) {
          if (!abandoned) {
            logger
                .atWarn()
                .addKeyValue("limit", maxKeys)
                .log("There are more keys than are remembered; each is looked up");
          }
          return -1;
        }
      }
    }
    return read;
  }

  /** All keys of the ledger were read: {@code read} of them, or fewer than there are with -1. */
  synchronized void finish(long read) {
    added += read;
    complete = read >= 0 && added <= maxKeys;
    if (complete) {
      logger.atInfo().addKeyValue("keys", read).log("The known keys are read");
    }
  }

  /** {@code key} is told its outcome. */
  public synchronized void add(CommandKey key) {
    set(hash(key.tenant(), key.client(), key.key()));
    if (++added > maxKeys) {
      complete = false;
    }
  }

  /** Whether {@code key} can have a receipt. */
  public boolean mayHave(CommandKey key) {
    return !complete || isSet(hash(key.tenant(), key.client(), key.key()));
  }

  private void set(long hash) {
    int block = block(hash);
    for (int probe = 0; probe < PROBES; probe++) {
      int bit = bit(hash, probe);
      long mask = 1L << bit;
      int word = block + (bit >>> 6);
      if ((words.get(word) & mask) == 0) {
        words.getAndUpdate(word, bits -> bits | mask);
      }
    }
  }

  private boolean isSet(long hash) {
    int block = block(hash);
    for (int probe = 0; probe < PROBES; probe++) {
      int bit = bit(hash, probe);
      if ((words.get(block + (bit >>> 6)) & (1L << bit)) == 0) {
        return false;
      }
    }
    return true;
  }

  private int block(long hash) {
    long blocks = words.length() / WORDS_A_BLOCK;
    return (int) (Math.unsignedMultiplyHigh(hash * 0x9e37_79b9_7f4a_7c15L, blocks) * WORDS_A_BLOCK);
  }

  /** Nine bits of the hash for each probe: a place in the block. */
  private static int bit(long hash, int probe) {
    return (int) (hash >>> (9 * probe)) & (Long.SIZE * WORDS_A_BLOCK - 1);
  }

  private static long hash(String tenant, String client, String key) {
    return mix(add(add(add(1, key), client), tenant));
  }

  private static long add(long hash, String text) {
    long sum = hash;
    for (int i = 0; i < text.length(); i++) {
      sum = sum * 0x0000_0100_0000_01b3L + text.charAt(i);
    }
    return sum * 31;
  }

  /** Spreads every bit over all (MurmurHash3's finalizer). */
  private static long mix(long hash) {
    long mixed = hash ^ (hash >>> 33);
    mixed *= 0xff51_afd7_ed55_8ccdL;
    mixed ^= mixed >>> 33;
    mixed *= 0xc4ce_b9fe_1a85_ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
