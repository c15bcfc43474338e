package io.bincard.application.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32C;

/**
 * The state of {@code stream} behind its event {@code sequence}.
 *
 * @param revision of the fold that came to this state
 * @param state JSON
 */
public record Snapshot(String stream, long sequence, String revision, String state) {

  /**
   * One as it is stored.
   *
   * @param position of the event that it stands behind
   * @param checksum over all that is stored
   */
  record Stored(Snapshot snapshot, long position, long checksum) {

    boolean isWhole() {
      return checksum == snapshot.checksum(position);
    }
  }

  /** It, to be stored for the event at {@code position}. */
  Stored at(long position) {
    return new Stored(this, position, checksum(position));
  }

  private long checksum(long position) {
    CRC32C sum = new CRC32C();
    String all = stream + '\n' + sequence + '\n' + position + '\n' + revision + '\n' + state;
    sum.update(all.getBytes(UTF_8));
    return sum.getValue();
  }
}
