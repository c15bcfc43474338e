package io.bincard.projections.push.hub;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state of an item, made into JSON once, and into whole frames once a kind of connection,
 * however many are sent it. Used by the hub's thread.
 */
public final class ItemFrame {

  private final String json;
  private final long position;
  private byte @Nullable [] changeEvent;
  private byte @Nullable [] lastChangeEvent;
  private byte @Nullable [] snapshotEvent;
  private @Nullable String changeMessage;
  private @Nullable String lastChangeMessage;
  private @Nullable String snapshotMessage;

  /**
   * @param json the item as {@code GET /v1/stock/{sku}} answers
   * @param position of the item's last change
   */
  public ItemFrame(String json, long position) {
    this.json = json;
    this.position = position;
  }

  public String json() {
    return json;
  }

  /** Position of the item's last change. */
  public long position() {
    return position;
  }

  /** The bytes of a change on a stream of events, shared by all who are sent it. */
  public byte[] changeEvent(Function<ItemFrame, byte[]> make) {
    if (changeEvent == null) {
      changeEvent = make.apply(this);
    }
    return changeEvent;
  }

  /** The bytes of a change that moves the position, on a stream of events, shared by all. */
  public byte[] lastChangeEvent(Function<ItemFrame, byte[]> make) {
    if (lastChangeEvent == null) {
      lastChangeEvent = make.apply(this);
    }
    return lastChangeEvent;
  }

  /** The bytes of a snapshot on a stream of events, shared by all who are sent it. */
  public byte[] snapshotEvent(Function<ItemFrame, byte[]> make) {
    if (snapshotEvent == null) {
      snapshotEvent = make.apply(this);
    }
    return snapshotEvent;
  }

  /** The text of a change on a socket, shared by all who are sent it. */
  public String changeMessage(Function<ItemFrame, String> make) {
    if (changeMessage == null) {
      changeMessage = make.apply(this);
    }
    return changeMessage;
  }

  /** The text of a change that moves the position, on a socket, shared by all who are sent it. */
  public String lastChangeMessage(Function<ItemFrame, String> make) {
    if (lastChangeMessage == null) {
      lastChangeMessage = make.apply(this);
    }
    return lastChangeMessage;
  }

  /** The text of a snapshot on a socket, shared by all who are sent it. */
  public String snapshotMessage(Function<ItemFrame, String> make) {
    if (snapshotMessage == null) {
      snapshotMessage = make.apply(this);
    }
    return snapshotMessage;
  }
}
