package io.bincard.reconciliation.decoding;

import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.stock.StockItemId;
import java.util.List;

/**
 * 64 bits that stand for an event: its position, its stream and its sequence. One bit of them says
 * whether the fold is told of events of such a stream.
 */
final class Digest {

  /** Of no event. */
  static final long NONE = 0;

  /** Of an event that nobody saw, so that any will do. */
  static final long ANY = 4;

  /** Of what cannot be right, so that none will do. */
  static final long WRONG = 8;

  private static final long FOLDED = 1;

  /** In each digest of an event, so that none is one of the above. */
  private static final long EVENT = 2;

  /** How the names of the streams begin whose events rows are made of. */
  private static final List<String> FOLDED_STREAMS =
      List.of(StockItemId.STREAM_PREFIX, "hold:", DescribedSku.STREAM_PREFIX);

  private static final long FIRST = 0x9e3779b97f4a7c15L;
  private static final long SECOND = 0xbf58476d1ce4e5b9L;
  private static final long THIRD = 0x94d049bb133111ebL;
  private static final int PRIME = 31;

  private Digest() {}

  static long of(long position, String stream, long sequence) {
    long name = stream.length();
    for (int i = 0; i < stream.length(); i++) {
      name = mixed(name * PRIME + stream.charAt(i));
    }
    long all = mixed(mixed(mixed(position) + sequence) + name);
    return (all & ~(EVENT | FOLDED)) | EVENT | (isOfFoldedStream(stream) ? FOLDED : 0);
  }

  /** Whether the fold must have been told of the event that {@code digest} stands for. */
  static boolean isFolded(long digest) {
    return (digest & FOLDED) != 0;
  }

  private static boolean isOfFoldedStream(String stream) {
    for (String prefix : FOLDED_STREAMS) {
      if (stream.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** A bijection under which every bit depends on every other. */
  private static long mixed(long value) {
    long mixed = value + FIRST;
    mixed = (mixed ^ (mixed >>> 30)) * SECOND;
    mixed = (mixed ^ (mixed >>> 27)) * THIRD;
    return mixed ^ (mixed >>> 31);
  }
}
